/** A link to one message: the thread is read back to it, and it is shown in the middle. */
import { useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { loadBackTo } from "../../api/thread";
import type { Message } from "../../api/types";
import { sayError } from "../../components/toasts";

export function useLinkedMessage(
  conversationId: string,
  items: Message[],
  box: RefObject<HTMLElement | null>,
): string | undefined {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message: linked } = useSearch({ strict: false }) as { message?: string };
  const asked = useRef<string>(undefined);
  const shown = useRef<string>(undefined);
  const loaded = items.length > 0;
  const there = items.some((message) => message.id === linked);
  useEffect(() => {
    if (!linked || !loaded || there || asked.current === linked) return;
    asked.current = linked;
    loadBackTo(client, conversationId, linked).catch((error) =>
      sayError(error, t("action.copy_details")),
    );
  }, [linked, loaded, there, client, conversationId, t]);
  useEffect(() => {
    if (!linked || !there || shown.current === linked) return;
    shown.current = linked;
    requestAnimationFrame(() =>
      box.current?.querySelector(`[data-message="${linked}"]`)?.scrollIntoView({ block: "center" }),
    );
  }, [linked, there, box]);
  return linked;
}
