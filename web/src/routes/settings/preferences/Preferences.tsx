/** Preferences of one department: who answers which channel, and when a new ticket begins. */
export function Preferences() {
  return null;
}
