/** Lines that come and go, each with its sign: colour alone says nothing. Scrolls within its height and can be reached by keyboard. */
const signs = { added: '+', removed: '−', same: ' ', gap: ' ' } as const;
const tones = {
  added: 'bg-good-tint text-good',
  removed: 'bg-bad-tint text-bad',
  same: 'text-soft',
  gap: 'text-soft',
} as const;

export function Difference(props: {
  readonly label: string;
  readonly lines: readonly { readonly kind: keyof typeof signs; readonly text: string }[];
}) {
  return (
    <section
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
      tabIndex={0}
      className="code max-h-[38vh] shrink-0 !px-0"
    >
      <pre>
        {props.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines repeat and never move.
          <span key={index} className={`block px-3 ${tones[line.kind]}`}>
            {`${signs[line.kind]} ${line.text}`}
          </span>
        ))}
      </pre>
    </section>
  );
}
