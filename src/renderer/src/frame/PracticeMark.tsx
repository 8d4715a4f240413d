/** Marks the practice workspace on every screen, the vault's included. */
export function PracticeMark() {
  return (
    <header className="shrink-0 border-b border-line bg-warn-tint px-4 py-1 text-center text-small text-warn">
      <strong>Practice workspace.</strong> Simulated vendors and sample data; nothing here is real.
    </header>
  );
}
