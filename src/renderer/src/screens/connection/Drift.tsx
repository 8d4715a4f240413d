/** A definition that is no longer what was accepted: each field before and after, and the way to accept it. */
import type { ToolDetailView } from '../../../../preload/contract/policy-shapes';
import type { ConnectionId } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Problem } from '../../parts/Say';
import { useBusy } from '../../parts/use-busy';

export function Drift(props: {
  readonly connectionId: ConnectionId;
  readonly detail: ToolDetailView;
  /** Told when the policies are other ones now. */
  readonly onAccepted: () => void;
}) {
  const { connectionId, detail } = props;
  const { isBusy, problem, run } = useBusy();
  if (detail.changes.length === 0) return null;
  const accept = () =>
    run(async () => {
      await call('policies.accept', {
        connectionId,
        baseRevision: detail.revision,
        tools: [detail.name],
      });
      props.onAccepted();
    });
  return (
    <section aria-label={`What changed in ${detail.name}`} className="flex flex-col gap-2">
      <div className="overflow-auto rounded-card border border-line bg-card">
        <table className="w-full min-w-[520px] table-fixed border-collapse">
          <thead>
            <tr className="h-8 text-left text-small text-soft [&>th]:border-b [&>th]:border-line [&>th]:px-3 [&>th]:font-normal">
              <th scope="col" className="w-[26%]">
                Field
              </th>
              <th scope="col">Accepted</th>
              <th scope="col">Now</th>
            </tr>
          </thead>
          <tbody>
            {detail.changes.map((change) => (
              <tr
                key={change.field}
                className="align-top last:[&>*]:border-0 [&>*]:border-b [&>*]:border-line [&>*]:px-3 [&>*]:py-2"
              >
                <th scope="row" className="mono text-left font-normal [overflow-wrap:anywhere]">
                  {change.field}
                </th>
                <Side text={change.before} none="Was not there" className="bg-bad-tint" />
                <Side text={change.after} none="Is not there any more" className="bg-good-tint" />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button kind="primary" disabled={isBusy} onClick={() => void accept()}>
          Accept the new definition
        </Button>
        <p className="text-small text-soft">
          Until then agents read the accepted one, and it never runs by itself.
        </p>
      </div>
      <Problem>{problem}</Problem>
    </section>
  );
}

function Side({
  text,
  none,
  className,
}: {
  readonly text: string;
  readonly none: string;
  readonly className: string;
}) {
  return (
    <td className="whitespace-pre-wrap [overflow-wrap:anywhere]">
      {text === '' ? (
        <span className="text-soft">{none}</span>
      ) : (
        <span className={`box-decoration-clone rounded px-1 ${className}`}>{text}</span>
      )}
    </td>
  );
}
