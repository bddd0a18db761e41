/** Kefu's mark: two eyes in a speech bubble. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" style={{ flex: "none" }}>
      <rect width="32" height="32" rx="8" fill="#12715b" />
      <path
        d="M10.500 7h11A2.500 2.500 0 0 1 24 9.500v8a2.500 2.500 0 0 1-2.500 2.500H15l-4.700 4.200c-.5.4-1.300.1-1.300-.6v-3.800A2.500 2.500 0 0 1 8 17.500v-8A2.500 2.500 0 0 1 10.500 7z"
        fill="#fff"
      />
      <circle cx="13" cy="13.500" r="1.600" fill="#12715b" />
      <circle cx="19" cy="13.500" r="1.600" fill="#12715b" />
    </svg>
  );
}
