/** One app, or one connection of it: what it is, how it stands, and what one can do with it. All cards are of one height. */
import { memo } from 'react';
import type { AppCardView, ConnectionView } from '../../../../preload/contract/shapes';
import { Badge } from '../../parts/Badge';
import { Button } from '../../parts/Button';
import { Logo } from '../../parts/Logo';
import type { CardPlace } from '../../parts/VirtualGrid';
import { go } from '../../stores/view';
import { plural, stateLabel, stateTone } from '../../words';

export const Card = memo(function Card(props: {
  readonly app: AppCardView;
  readonly connection: ConnectionView | undefined;
  /** An attempt to connect it is running. */
  readonly isConnecting: boolean;
  readonly place: CardPlace;
  readonly onConnect: (appId: string) => void;
  readonly onDisconnect: (connection: ConnectionView) => void;
}) {
  const { app, connection } = props;
  const name = connection?.label ?? app.name;
  const kind = connection === undefined || name === app.name ? app.category : app.name;
  return (
    <article
      aria-label={name}
      {...props.place}
      className="flex h-[138px] flex-col rounded-card border border-line bg-card px-2.5 py-3"
    >
      <div className="flex gap-2">
        <Logo logo={app.logo} />
        <div className="min-w-0">
          <h2 className="truncate text-[14px] leading-[18px] font-semibold" title={name}>
            {name}
          </h2>
          <p className="truncate text-small text-soft">
            {kind} · {plural(connection?.toolCount ?? app.toolNames.length, 'tool')}
          </p>
        </div>
      </div>
      <p className="mt-2 line-clamp-2 text-soft" title={app.summary}>
        {app.summary}
      </p>
      <div className="mt-auto flex items-center gap-1">
        {connection === undefined && props.isConnecting ? (
          <Badge tone={stateTone('connecting')}>{stateLabel.connecting}</Badge>
        ) : connection === undefined ? (
          <div className="ml-auto">
            <Button kind="primary" size="small" onClick={() => props.onConnect(app.appId)}>
              Connect
            </Button>
          </div>
        ) : (
          <>
            <Badge
              tone={stateTone(connection.state.kind)}
              title={'reason' in connection.state ? connection.state.reason : undefined}
            >
              {stateLabel[connection.state.kind]}
            </Badge>
            <div className="ml-auto flex gap-px">
              <Button
                size="small"
                label={`Manage ${name}`}
                onClick={() => go({ kind: 'connection', connectionId: connection.connectionId })}
              >
                Manage
              </Button>
              {connection.state.kind === 'connected' ? (
                <Button
                  size="small"
                  kind="link"
                  label={`Disconnect ${name}`}
                  onClick={() => props.onDisconnect(connection)}
                >
                  Disconnect
                </Button>
              ) : null}
            </div>
          </>
        )}
      </div>
    </article>
  );
});
