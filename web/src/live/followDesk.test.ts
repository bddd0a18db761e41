import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it, vi } from "vitest";
import { keys } from "../api/keys";
import { apply } from "./followDesk";

let client = new QueryClient();
let touched: string[] = [];

beforeEach(() => {
  client = new QueryClient();
  touched = [];
  vi.spyOn(client, "invalidateQueries").mockImplementation((filter) => {
    touched.push(JSON.stringify(filter?.queryKey));
    return Promise.resolve();
  });
});
const key = (queryKey: readonly unknown[]) => JSON.stringify(queryKey);

it("a_message_touches_its_conversation_and_its_thread", async () => {
  client.setQueryData(keys.messages("cv_1"), { items: [], hasOlder: false });
  await apply(client, [{ kind: "message", id: "ms_1", conversation_id: "cv_1" }]);
  expect(touched).toContain(key(keys.conversation("cv_1")));
  expect(touched).toContain(key(keys.messages("cv_1")));
  expect(touched).toContain(key(keys.counts));
});

it("a_thread_that_was_never_opened_is_not_fetched", async () => {
  await apply(client, [{ kind: "message", id: "ms_1", conversation_id: "cv_9" }]);
  expect(touched).not.toContain(key(keys.messages("cv_9")));
});

it("many_changes_of_one_conversation_fetch_it_once", async () => {
  const changes = Array.from({ length: 20 }, (_, i) => ({
    kind: "message",
    id: `ms_${i}`,
    conversation_id: "cv_1",
  }));
  await apply(client, changes);
  expect(touched.filter((one) => one === key(keys.conversation("cv_1")))).toHaveLength(1);
});

it("a_changed_channel_touches_what_may_be_written_everywhere", async () => {
  await apply(client, [{ kind: "channel", id: "ch_1", conversation_id: null }]);
  expect(touched).toContain(key(keys.channels));
  expect(touched).toContain(key(["conversation"]));
});

it("another_name_of_the_organisation_touches_what_shows_it_and_no_conversation", async () => {
  await apply(client, [{ kind: "installation", id: "", conversation_id: null }]);
  expect(touched).toEqual([key(keys.installation), key(keys.setup), key(keys.me)]);
});

it("a_department_that_is_deleted_touches_its_agents_and_oneself", async () => {
  await apply(client, [{ kind: "department", id: "dp_1", conversation_id: null }]);
  for (const one of [keys.departments, keys.agents, keys.me]) expect(touched).toContain(key(one));
});
