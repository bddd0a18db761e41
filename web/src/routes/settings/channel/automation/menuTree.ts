/** A menu as a tree of at most two levels: where an item is, and what is done to it. Pure; nothing here is checked. */
import type { ItemKind, MenuItem } from "./automationApi";

/** The places of an item: `[1]` is the second, `[1, 0]` the first below it. */
export type Place = readonly number[];

export const MOST = 3;
export const MOST_BELOW = 5;
export const NAME_BYTES = 16;
export const NAME_BELOW_BYTES = 60;
export const KEY_BYTES = 128;

/** What an administrator chooses from; other kinds are kept as they are. */
export const offered: ItemKind[] = ["answer", "view", "miniprogram", "scan", "scan_wait", "click"];

export const samePlace = (a: Place | null, b: Place) =>
  a !== null && a.length === b.length && a.every((part, index) => part === b[index]);

export function itemAt(items: MenuItem[], place: Place): MenuItem | undefined {
  const item = items[place[0] ?? -1];
  return place.length < 2 ? item : item?.items?.[place[1] ?? -1];
}

/** The list an item is in, changed; every other part stays the same object. */
function changeList(
  items: MenuItem[],
  place: Place,
  change: (list: MenuItem[], index: number) => MenuItem[],
): MenuItem[] {
  const [first = 0, second] = place;
  if (second === undefined) return change(items, first);
  return items.map((item, index) =>
    index === first ? { ...item, items: change(item.items ?? [], second) } : item,
  );
}

export const changeAt = (items: MenuItem[], place: Place, change: Partial<MenuItem>) =>
  changeList(items, place, (list, at) =>
    list.map((item, index) => (index === at ? { ...item, ...change } : item)),
  );

export const removeAt = (items: MenuItem[], place: Place) =>
  changeList(items, place, (list, at) => list.filter((_, index) => index !== at));

/** Moves an item within its level; beyond the ends nothing happens. */
export const moveAt = (items: MenuItem[], place: Place, by: -1 | 1) =>
  changeList(items, place, (list, at) => {
    const to = at + by;
    const [moved, other] = [list[at], list[to]];
    if (!moved || !other) return list;
    return list.map((item, index) => (index === at ? other : index === to ? moved : item));
  });

export const addItem = (items: MenuItem[], item: MenuItem): MenuItem[] => [...items, item];

/** Adds one below another, which then does nothing but open. What it did becomes the first below it. */
export function addBelow(items: MenuItem[], place: Place, item: MenuItem): MenuItem[] {
  const parent = itemAt(items, place);
  if (!parent) return items;
  const kept = parent.kind === "submenu" ? (parent.items ?? []) : [{ ...parent, items: undefined }];
  const changed: MenuItem = { name: parent.name, kind: "submenu", items: [...kept, item] };
  return items.map((one, index) => (index === place[0] ? changed : one));
}

/** An item of another kind keeps its name and what both kinds have. */
export function ofKind(item: MenuItem, kind: ItemKind): MenuItem {
  const { name, key, url, text, app_id, page_path } = item;
  switch (kind) {
    case "answer":
      return { name, kind, key, text: text ?? "" };
    case "view":
      return { name, kind, url };
    case "miniprogram":
      return { name, kind, url, app_id, page_path };
    default:
      return { name, kind, key };
  }
}

/** The names of fields in an answer of the desk: `items.0.items.2.url`. */
export const fieldOf = (place: Place, field: string) =>
  `${place.map((part) => `items.${part}`).join(".")}.${field}`;

/** What is wrong with a menu, place by place, for marks in the tree. */
export function wrongPlaces(fields: Record<string, string>): Set<string> {
  const places = Object.keys(fields).map((name) => name.replace(/\.[a-z_]+$/, ""));
  return new Set(places.flatMap((place) => [place, place.split(".items.")[0] ?? place]));
}
