/** Text to be read exactly: JSON, settings, records. Scrolls within its height and can be reached by keyboard. */
export function Code(props: {
  readonly label: string;
  readonly children: string;
  readonly className?: string;
}) {
  return (
    <section
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
      tabIndex={0}
      className={`code ${props.className ?? ''}`}
    >
      <pre>{props.children}</pre>
    </section>
  );
}
