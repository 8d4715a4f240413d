/** What a probe found out beyond the authentication: findings with what to do, and every request that was made. */
import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { ProbeView } from '../../../../preload/contract/server-shapes';
import { Button } from '../../parts/Button';
import { Code } from '../../parts/Code';
import { useCopy } from '../../parts/CopyLine';

export function Findings({ probed }: { readonly probed: ProbeView }) {
  if (probed.findings.length === 0) return null;
  const isServer = probed.found.kind === 'server';
  return (
    <div
      role={isServer ? undefined : 'alert'}
      className={`rounded-control px-3 py-2 [overflow-wrap:anywhere] ${isServer ? 'bg-warn-tint' : 'bg-bad-tint'}`}
    >
      <ul aria-label="Findings" className="m-0 flex list-none flex-col gap-2 p-0">
        {probed.findings.map(({ code, sentence, next }) => (
          <li key={code}>
            <span className={isServer ? 'text-warn' : 'text-bad'}>{sentence}</span> {next}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function ProbeReport({ report }: { readonly report: string }) {
  const [isOpen, setOpen] = useState(false);
  const { said, copy } = useCopy();
  if (report === '') return null;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <Button size="small" pressed={isOpen} onClick={() => setOpen(!isOpen)}>
          Probe report
        </Button>
        {isOpen ? (
          <Button size="small" label="Copy the probe report" onClick={() => copy(report, 'Probe report')}>
            <Copy size={13} aria-hidden="true" /> Copy
          </Button>
        ) : null}
        <p role="status" className="text-small text-good empty:hidden">
          {said}
        </p>
      </div>
      {isOpen ? (
        <Code label="Probe report" className="max-h-56">
          {report}
        </Code>
      ) : null}
    </div>
  );
}
