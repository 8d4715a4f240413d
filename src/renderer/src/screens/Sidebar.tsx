/** The three groups, and at the foot always gateway, mode and vault. */
import { Activity, Bot, Grid2x2, type LucideIcon, Settings, ShieldQuestion } from 'lucide-react';
import type { StatusView } from '../../../preload/contract/shapes';
import { useFacts } from '../stores/facts';
import { go, type Route, useView } from '../stores/view';
import { capital } from '../words';

export function Sidebar({ status }: { readonly status: StatusView }) {
  const waiting = useFacts((facts) => facts.approvals.waiting.length);
  const { gateway } = status;
  return (
    <nav
      aria-label="Main"
      className="flex w-[216px] shrink-0 flex-col gap-1 border-r border-line bg-side p-3"
    >
      <div className="px-2 pt-1 pb-4 text-[15px] font-bold">Gatehouse</div>
      <Group title="MSP Settings" />
      <Item to="integrations" label="Integrations" icon={Grid2x2} />
      <Group title="Agents at work" />
      <Item to="approvals" label="Approvals" icon={ShieldQuestion} count={waiting} />
      <Item to="activity" label="Activity" icon={Activity} />
      <Item to="agents" label="Agents" icon={Bot} />
      <Group title="Govern" />
      <Item to="settings" label="Settings" icon={Settings} />
      <div className="mt-auto border-t border-line px-2 pt-3 text-[12px] text-soft">
        {gateway.kind === 'listening' ? <div>Gateway on 127.0.0.1:{gateway.port}</div> : null}
        {gateway.kind === 'port_taken' ? <div className="text-bad">Port {gateway.port} is taken</div> : null}
        {gateway.kind === 'stopped' ? <div className="text-warn">Gateway stopped</div> : null}
        <div>
          Mode: <strong>{capital(status.mode)}</strong> · Vault unlocked
        </div>
      </div>
    </nav>
  );
}

function Group({ title }: { readonly title: string }) {
  return <div className="px-2 pt-3 text-[12px] text-soft">{title}</div>;
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
  return (
    <button
      type="button"
      aria-current={isHere ? 'page' : undefined}
      onClick={() => go({ kind: props.to })}
      className={`flex h-8 items-center gap-2 rounded-md px-2 text-left ${isHere ? 'bg-accent-tint font-semibold text-accent' : ''}`}
    >
      <Icon size={15} aria-hidden="true" />
      {props.label}
      {props.count === undefined || props.count === 0 ? null : (
        <span className="ml-auto rounded-full bg-warn-tint px-2 text-[12px] font-semibold text-warn">
          {props.count}
        </span>
      )}
    </button>
  );
}
