import { describe, expect, it } from "vitest";
import type { MenuItem } from "./automationApi";
import {
  addBelow,
  changeAt,
  fieldOf,
  itemAt,
  moveAt,
  ofKind,
  removeAt,
  wrongPlaces,
} from "./menuTree";

const view = (name: string): MenuItem => ({ name, kind: "view", url: `https://${name}.example/` });
const menu: MenuItem[] = [
  view("a"),
  { name: "b", kind: "submenu", items: [view("b1"), view("b2")] },
];
const names = (items: MenuItem[] | undefined) => items?.map((item) => item.name);

describe("a menu", () => {
  it("changes and removes the item at a place and nothing else", () => {
    const changed = changeAt(menu, [1, 0], { name: "new" });
    expect(names(changed[1]?.items)).toEqual(["new", "b2"]);
    expect(changed[0]).toBe(menu[0]);
    expect(names(removeAt(menu, [1, 1])[1]?.items)).toEqual(["b1"]);
    expect(names(removeAt(menu, [0]))).toEqual(["b"]);
    expect(itemAt(menu, [1, 1])?.name).toBe("b2");
    expect(itemAt(menu, [4])).toBeUndefined();
  });

  it("moves an item within its level and not beyond the ends", () => {
    expect(names(moveAt(menu, [0], 1))).toEqual(["b", "a"]);
    expect(names(moveAt(menu, [0], -1))).toEqual(["a", "b"]);
    expect(names(moveAt(menu, [1, 1], -1)[1]?.items)).toEqual(["b2", "b1"]);
  });

  it("keeps what an item did when it begins to open others", () => {
    const opened = addBelow(menu, [0], view("new"));
    expect(opened[0]).toEqual({
      name: "a",
      kind: "submenu",
      items: [{ ...view("a"), items: undefined }, view("new")],
    });
    expect(names(addBelow(menu, [1], view("b3"))[1]?.items)).toEqual(["b1", "b2", "b3"]);
  });

  it("loses no address when an item becomes a mini program and back", () => {
    const program = ofKind(view("a"), "miniprogram");
    expect(ofKind(program, "view").url).toBe("https://a.example/");
    expect(ofKind(view("a"), "answer").text).toBe("");
  });

  it("knows the places of what is wrong", () => {
    expect(fieldOf([0, 2], "url")).toBe("items.0.items.2.url");
    expect([...wrongPlaces({ "items.0.items.2.url": "url_form" })]).toEqual([
      "items.0.items.2",
      "items.0",
    ]);
  });
});
