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
  const count = counts[view];
  if (count >= counts.counted_to) return `${counts.counted_to}+`;
  return count > 0 ? String(count) : "";
}
