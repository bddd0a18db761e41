/** A link to one message: it is brought among those that are shown, in the middle, and marked for a moment. */
import { useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { loadMessage } from "../../api/thread";
import type { Message } from "../../api/types";
import { sayError } from "../../components/toasts";

const MARKED_MS = 2600;

/** Whether it is still on its way. */
export function useLinkedMessage(
  conversationId: string,
  items: Message[],
  box: RefObject<HTMLElement | null>,
): boolean {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message: linked } = useSearch({ strict: false }) as { message?: string };
  const asked = useRef<string>(undefined);
  const shown = useRef<string>(undefined);
  const [failed, setFailed] = useState<string>();
  const loaded = items.length > 0;
  const there = items.some((message) => message.id === linked);
  useEffect(() => {
    if (!linked || !loaded || there || asked.current === linked) return;
    asked.current = linked;
    loadMessage(client, conversationId, linked).catch((error) => {
      setFailed(linked);
      sayError(error, t("action.copy_details"));
    });
  }, [linked, loaded, there, client, conversationId, t]);
  useEffect(() => {
    if (!linked || !there || shown.current === linked) return;
    shown.current = linked;
    requestAnimationFrame(() => show(box.current, linked));
  }, [linked, there, box]);
  return linked !== undefined && !there && shown.current !== linked && failed !== linked;
}

function show(box: HTMLElement | null, id: string): void {
  const element = box?.querySelector(`[data-message="${CSS.escape(id)}"]`);
  if (!element) return;
  element.scrollIntoView({ block: "center" });
  element.setAttribute("data-linked", "true");
  setTimeout(() => element.removeAttribute("data-linked"), MARKED_MS);
}
