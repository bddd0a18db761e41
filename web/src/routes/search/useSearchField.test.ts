import { act, renderHook } from "@testing-library/react";
import type { ChangeEvent, CompositionEvent } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useSearchField } from "./useSearchField";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const event = (value: string) =>
  ({ currentTarget: { value } }) as ChangeEvent<HTMLInputElement> &
    CompositionEvent<HTMLInputElement>;

function mount(q = "") {
  const searched: string[] = [];
  const view = renderHook(({ q }) => useSearchField(q, (text) => searched.push(text)), {
    initialProps: { q },
  });
  const type = (text: string) => act(() => view.result.current.field.onChange(event(text)));
  const wait = () => act(() => vi.advanceTimersByTime(300));
  return { view, searched, type, wait };
}

it("what_is_typed_without_a_pause_is_searched_for_once", () => {
  const { searched, type, wait } = mount();
  for (const text of ["o", "or", "ord "]) type(text);
  wait();
  expect(searched).toEqual(["ord"]);
});

it("no_step_of_a_composition_is_searched_for_only_what_was_chosen", () => {
  const { view, searched, type, wait } = mount();
  act(() => view.result.current.field.onCompositionStart());
  for (const text of ["t", "tu", "退", "tui k"]) {
    type(text);
    wait();
  }
  expect(searched).toEqual([]);
  expect(view.result.current.typed).toBe("tui k");
  act(() => view.result.current.field.onCompositionEnd(event("退款")));
  wait();
  expect(searched).toEqual(["退款"]);
});

it("an_address_that_changes_by_itself_is_shown_and_not_searched_for_again", () => {
  const { view, searched, wait } = mount("退款");
  view.rerender({ q: "换货" });
  wait();
  expect(view.result.current.typed).toBe("换货");
  expect(searched).toEqual([]);
});
