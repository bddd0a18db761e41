/** What the page of menu and automatic answers reads and writes. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../../api/client";
import { keys } from "../../../../api/keys";
import type { components } from "../../../../api/schema.gen";
import type { Page } from "../../../../api/types";

type Schemas = components["schemas"];

export type Answer = Schemas["AnswerOut"];
export type AnswerIn = Schemas["AnswerIn"];
export type Occasion = Answer["occasion"];
export type MenuItem = Schemas["MenuItem"];
export type ItemKind = MenuItem["kind"];
export type ChannelMenu = Schemas["ChannelMenuOut"];
export type MenuDraft = Schemas["ChannelMenuDraftOut"];
export type Automation = Schemas["WechatAutomationOut"];
export type OwnMenuItem = Schemas["OwnMenuItem"];
export type OwnReply = Schemas["OwnReply"];
export type Summary = Schemas["TakeOverSummary"];
export type LeftOut = Schemas["LeftOut"];

/** Below the channel's own key: an event about the channel fetches the answers again. */
const answersKey = (id: string) => [...keys.channel(id), "answers"] as const;
/** These two ask WeChat itself: no event asks again. */
export const menuKey = (id: string) => ["channel-menu", id] as const;
export const automationKey = (id: string) => ["wechat-automation", id] as const;

const seldom = { staleTime: 60_000, refetchOnWindowFocus: false } as const;

export const answersQuery = (id: string) =>
  queryOptions({
    queryKey: answersKey(id),
    queryFn: async ({ signal }) =>
      (await api.get<Page<Answer>>(`/channels/${id}/automatic-answers`, undefined, signal)).items,
  });

export const menuQuery = (id: string) =>
  queryOptions({
    queryKey: menuKey(id),
    queryFn: ({ signal }) => api.get<ChannelMenu>(`/channels/${id}/menu`, undefined, signal),
    ...seldom,
  });

export const automationQuery = (id: string) =>
  queryOptions({
    queryKey: automationKey(id),
    queryFn: ({ signal }) =>
      api.get<Automation>(`/channels/${id}/wechat-automation`, undefined, signal),
    ...seldom,
  });
