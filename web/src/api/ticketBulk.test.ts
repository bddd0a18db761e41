import { describe, expect, it } from "vitest";
import { wayBack } from "./ticketBulk";
import type { Ticket } from "./types";

const ticket = (id: string, status: Ticket["status"], assignee_id: string | null) =>
  ({ id, status, assignee_id, priority: "normal" }) as Ticket;

describe("the way back", () => {
  it("names for each ticket what it was, and only what was changed", () => {
    const before = [
      ticket("tk_1", "open", null),
      ticket("tk_2", "on_hold", null),
      ticket("tk_3", "open", "ag_1"),
    ];
    const groups = wayBack(before, { status: "closed" });
    expect(groups.map(([tickets, old]) => [tickets.map(({ id }) => id), old])).toEqual([
      [["tk_1", "tk_3"], { status: "open" }],
      [["tk_2"], { status: "on_hold" }],
    ]);
    expect(wayBack(before, { assignee_id: "ag_2" }).map(([, old]) => old)).toEqual([
      { assignee_id: null },
      { assignee_id: "ag_1" },
    ]);
  });
});
