/** The inbox's views, and which of their counts are worth showing. */
import type { ConversationCounts, ConversationView } from "../../api/types";

/** *Blocked* is shown only when somebody is blocked: it would be noise for most desks. */
export function shownViews(counts: ConversationCounts | undefined): ConversationView[] {
  const views: ConversationView[] = ["mine", "unassigned", "all", "ended"];
  return counts?.blocked ? [...views, "blocked"] : views;
}

/** Counts tell what waits; for *ended* and *all* a number says nothing to act on. */
export function viewCount(counts: ConversationCounts | undefined, view: ConversationView): string {
  if (!counts || view === "ended" || view === "all") return "";
  return counts[view] > 0 ? String(counts[view]) : "";
}
