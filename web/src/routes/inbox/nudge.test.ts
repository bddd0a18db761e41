import { expect, it } from "vitest";
import { askForAnswer, languageOf } from "./nudge";

it("the_language_follows_from_the_script_and_is_chinese_where_there_is_none", () => {
  expect(languageOf("注文した商品はまだですか")).toBe("ja");
  expect(languageOf("我的快递到哪里了")).toBe("zh-CN");
  expect(languageOf("Where is it? 😀")).toBe("en");
  expect(languageOf("😀")).toBe("zh-CN");
  expect(askForAnswer("")).toContain("回复");
});
