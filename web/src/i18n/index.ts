/** Languages: which one is used, loading it, and changing it without a reload. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const languages = ["en", "ja", "zh-CN"] as const;
export type Language = (typeof languages)[number];

export const languageNames: Record<Language, string> = {
  en: "English",
  ja: "日本語",
  "zh-CN": "简体中文",
};

const STORED = "kefu.language";

type Texts = Record<string, string>;

const loaders: Record<Language, () => Promise<{ default: Texts }>> = {
  en: () => import("./en/index"),
  ja: () => import("./ja/index"),
  "zh-CN": () => import("./zh-CN/index"),
};

/** The supported language nearest to a BCP 47 tag, or null. */
export function nearestLanguage(tag: string | null | undefined): Language | null {
  const primary = tag?.toLowerCase().split("-")[0];
  if (primary === "ja" || primary === "en") return primary;
  return primary === "zh" ? "zh-CN" : null;
}

/** The last choice on this device, then the browser's wish, then English. */
export function firstLanguage(): Language {
  const wishes = [localStorage.getItem(STORED), ...navigator.languages];
  for (const wish of wishes) {
    const language = nearestLanguage(wish);
    if (language) return language;
  }
  return "en";
}

export async function startTexts(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: { [language]: { translation: (await loaders[language]()).default } },
  });
  document.documentElement.lang = language;
}

export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  if (!i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", (await loaders[language]()).default);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
