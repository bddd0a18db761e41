/** Names one after the other, with the comma of the page's language. */
import i18next from "i18next";

export const listOf = (names: string[]): string =>
  names.join(i18next.language === "en" ? ", " : "、");
