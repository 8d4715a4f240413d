/** The three groups, and at the foot always gateway, mode and vault. */
import { Activity, Bot, LayoutGrid, type LucideIcon, Settings, ShieldQuestion } from 'lucide-react';
import type { GatewayView, StatusView } from '../../../preload/contract/shapes';
import { GateMark } from '../parts/Logo';
import { useFacts } from '../stores/facts';
import { go, type Route, useView } from '../stores/view';
import { modeLabel } from '../words';

export function Sidebar({ status }: { readonly status: StatusView }) {
  const waiting = useFacts((facts) => facts.approvals?.waiting.length ?? 0);
  return (
    <aside
      aria-label="Gatehouse"
      className="flex w-[216px] shrink-0 flex-col overflow-y-auto border-r border-line bg-side p-2.5"
    >
      <div className="flex items-center gap-2 px-2 pt-1.5 pb-5 text-[15px] font-bold">
        <GateMark /> Gatehouse
      </div>
      <nav aria-label="Main" className="flex flex-col gap-0.5">
        <Group title="MSP Settings" />
        <Item to="integrations" label="Integrations" icon={LayoutGrid} />
        <Group title="Agents at work" />
        <Item to="approvals" label="Approvals" icon={ShieldQuestion} count={waiting} />
        <Item to="activity" label="Activity" icon={Activity} />
        <Item to="agents" label="Agents" icon={Bot} />
        <Group title="Govern" />
        <Item to="settings" label="Settings" icon={Settings} />
      </nav>
      <div className="mt-auto pt-4">
        <div className="flex flex-col gap-1 border-t border-line px-2 pt-3 pb-1 text-small text-soft">
          <GatewayLine gateway={status.gateway} />
          <div>
            Mode: <strong className="text-ink">{modeLabel[status.mode]}</strong>
          </div>
          <div>Vault unlocked</div>
          <div>{navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'} to find anything</div>
        </div>
      </div>
    </aside>
  );
}

function GatewayLine({ gateway }: { readonly gateway: GatewayView }) {
  const [dot, text] =
    gateway.kind === 'listening'
      ? ['bg-good', `Gateway on 127.0.0.1:${gateway.port}`]
      : gateway.kind === 'port_taken'
        ? ['bg-bad', `Port ${gateway.port} is taken`]
        : ['bg-warn', 'Gateway stopped'];
  return (
    <div
      className="flex items-center gap-1.5 whitespace-nowrap"
      title={gateway.kind === 'stopped' ? gateway.why : undefined}
    >
      <span aria-hidden="true" className={`size-[7px] shrink-0 rounded-full ${dot}`} />
      {text}
    </div>
  );
}

function Group({ title }: { readonly title: string }) {
  return <div className="px-2 pt-3 pb-1 text-small text-soft first:pt-0">{title}</div>;
}

function Item(props: {
  readonly to: Exclude<Route['kind'], 'connection'>;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly count?: number;
}) {
  const here = useView((view) => view.route.kind);
  const isHere = here === props.to || (here === 'connection' && props.to === 'integrations');
  const Icon = props.icon;
  const hasCount = props.count !== undefined && props.count > 0;
  return (
    <button
      type="button"
      aria-current={isHere ? 'page' : undefined}
      onClick={() => go({ kind: props.to })}
      className={`flex h-8 items-center gap-2.5 rounded-control px-2 text-left ${isHere ? 'bg-accent-tint font-semibold text-accent' : 'text-ink hover:bg-hover'}`}
    >
      <Icon size={15} aria-hidden="true" className={isHere ? '' : 'text-soft'} />
      {props.label}
      {hasCount ? (
        <span className="ml-auto rounded-full bg-warn-tint px-2 text-small font-semibold text-warn">
          {props.count}
          <span className="sr-only"> waiting</span>
        </span>
      ) : null}
    </button>
  );
}
