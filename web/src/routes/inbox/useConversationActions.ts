/** What an agent does with a conversation as a whole: pick up, transfer, end, re-open, block, unblock. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, asApiError } from "../../api/client";
import { useNames } from "../../api/directory";
import { refreshLists } from "../../api/inbox";
import { keys } from "../../api/keys";
import type { Conversation } from "../../api/types";
import { say, sayError } from "../../components/toasts";
import type { Target } from "./TransferDialog";

type Action = "pick-up" | "transfer" | "end" | "reopen" | "block" | "unblock";

export function useConversationActions(conversation: Conversation) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const names = useNames();
  const { id } = conversation;

  const act = useMutation({
    mutationFn: ({ action, body = {} }: { action: Action; body?: Record<string, unknown> }) =>
      api.post<unknown>(`/conversations/${id}/${action}`, body),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.conversation(id) }),
        client.invalidateQueries({ queryKey: keys.messages(id) }),
        client.invalidateQueries({ queryKey: keys.counts }),
        client.invalidateQueries({ queryKey: keys.tickets }),
        refreshLists(client, new Set([id])),
      ]),
    onError: async (error) => {
      if (asApiError(error).code !== "already_assigned") {
        return sayError(error, t("action.copy_details"));
      }
      const now = await api.get<Conversation>(`/conversations/${id}`).catch(() => conversation);
      const name = names.agent(now.assignee_id) || t("system.someone");
      sayError(error, t("action.copy_details"), { name });
    },
  });

  const reopen = () =>
    act.mutate({ action: "reopen" }, { onSuccess: () => say(t("done.reopened")) });
  const unblock = () => act.mutate({ action: "unblock" });
  return {
    busy: act.isPending ? act.variables.action : null,
    pickUp: (takeOver = false) =>
      act.mutate({ action: "pick-up", body: takeOver ? { take_over: true } : {} }),
    end: (closeTicket: boolean) =>
      act.mutate(
        { action: "end", body: { close_ticket: closeTicket } },
        { onSuccess: () => say(t("done.ended"), { label: t("do.reopen"), run: reopen }) },
      ),
    reopen,
    unblock: () => act.mutate({ action: "unblock" }, { onSuccess: () => say(t("block.lifted")) }),
    block: (blacklist: boolean) =>
      act.mutate(
        { action: "block", body: { blacklist } },
        { onSuccess: () => say(t("block.done"), { label: t("do.unblock"), run: unblock }) },
      ),
    transfer: ({ to, name }: Target, note: string) =>
      act.mutate(
        { action: "transfer", body: { ...to, note: note || undefined } },
        { onSuccess: () => say(t("transfer.done", { name })) },
      ),
  };
}

export type ConversationActions = ReturnType<typeof useConversationActions>;
