/** Own drawings: two letters on the vendor's colour, and the gate of the application itself. */
export function Logo({ logo }: { readonly logo: { readonly initials: string; readonly colour: string } }) {
  return (
    <svg width="32" height="32" aria-hidden="true" className="shrink-0">
      <rect width="32" height="32" rx="7" fill={logo.colour} />
      <text x="16" y="20.5" textAnchor="middle" fill="#ffffff" fontSize="12" fontWeight="700">
        {logo.initials}
      </text>
    </svg>
  );
}

export function GateMark() {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" className="shrink-0">
      <rect width="18" height="18" rx="4" fill="var(--accent)" />
      <path
        d="M5 14V8.5a4 4 0 0 1 8 0V14"
        fill="none"
        stroke="var(--accent-ink)"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}
