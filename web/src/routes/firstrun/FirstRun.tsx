/** The first page of a new desk: organisation, language, time zone, the first administrator. */
export function FirstRun() {
  return null;
}
