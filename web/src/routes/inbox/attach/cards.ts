/** The form of cards, as the desk checks it. Limits count characters (titles) or bytes (addresses). */
import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { CardPreset, Page } from "../../../api/types";

export type CardKind = "link" | "miniprogram";
export type CardData = Record<string, string>;

export const fieldsOf = {
  link: ["url", "title", "description"],
  miniprogram: ["app_id", "page_path", "title"],
} as const;

const TITLE_CHARS = 64;
const DESCRIPTION_CHARS = 120;
const ADDRESS_BYTES = 1024;
export const PICTURE_MAX = 1_048_576;

const chars = (text: string) => [...text].length;
const byteLength = (text: string) => new TextEncoder().encode(text).length;

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** The code of what is wrong with a field, or null. */
export function cardProblem(name: string, value: string): string | null {
  const text = value.trim();
  if (name === "description") return chars(text) > DESCRIPTION_CHARS ? "too_long" : null;
  if (!text) return "required";
  if (name === "title") return chars(text) > TITLE_CHARS ? "too_long" : null;
  if (byteLength(text) > ADDRESS_BYTES) return "too_long";
  if (name === "url" && !isWebAddress(text)) return "url_form";
  if (name === "app_id" && !/^wx[0-9a-zA-Z]{16}$/.test(text)) return "app_id_form";
  return null;
}

const lastKey = (channelId: string) => `kefu.miniprogram.${channelId}`;

/** The mini program used last on a channel: most accounts have one. */
export function readLastProgram(channelId: string): CardData {
  try {
    return JSON.parse(localStorage.getItem(lastKey(channelId)) ?? "{}") as CardData;
  } catch {
    return {};
  }
}

export function keepLastProgram(channelId: string, { app_id = "", page_path = "" }: CardData) {
  localStorage.setItem(lastKey(channelId), JSON.stringify({ app_id, page_path }));
}

/** The cards a channel keeps ready, by name. */
export const presetsQuery = (channelId: string) =>
  queryOptions({
    queryKey: keys.cardPresets(channelId),
    queryFn: async ({ signal }) =>
      (await api.get<Page<CardPreset>>(`/channels/${channelId}/card-presets`, undefined, signal))
        .items,
    staleTime: 60_000,
  });

/** The fields of a preset as a form holds them. */
export const presetData = ({ kind, data }: CardPreset): CardData =>
  Object.fromEntries(fieldsOf[kind].map((name) => [name, String(data[name] ?? "")]));
