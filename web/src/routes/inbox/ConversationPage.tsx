/** One conversation: its thread, and its side panel (a drawer where the page is narrow). */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../../api/client";
import { conversationQuery, fromLists } from "../../api/inbox";
import { isFloating } from "../../components/focusReturn";
import { ErrorNotice, Notice } from "../../components/Notice";
import { OnDemand } from "../../components/OnDemand";
import { isTyping } from "../../components/shortcuts";
import { deskNow } from "../../format/deskClock";
import { SidePanel } from "./SidePanel";
import { Thread } from "./Thread";
import { ThreadSkeleton } from "./ThreadSkeleton";

/** Beyond this a browser's timer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 2000;

const PanelDrawer = lazy(async () => ({ default: (await import("./PanelDrawer")).PanelDrawer }));

/** The allowance changes by itself at this moment; then the desk is asked what holds now. */
function useAskAgainAt(until: string | null, ask: () => unknown) {
  useEffect(() => {
    const left = until ? Date.parse(until) - deskNow().getTime() : 0;
    if (left <= 0 || left > LONGEST_TIMER_MS) return;
    const timer = setTimeout(ask, left + 1000);
    return () => clearTimeout(timer);
  }, [until, ask]);
}

/** Whether a dialog or menu was open when the key went down: the same key may close it before anybody else hears it. */
function useFloatingAtKeyDown() {
  const floating = useRef(false);
  useEffect(() => {
    const onKey = () => {
      floating.current = isFloating();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, []);
  return floating;
}

export function ConversationPage() {
  const { t } = useTranslation();
  const { conversationId } = useParams({ from: "/desk/inbox/$conversationId" });
  const search = useSearch({ from: "/desk/inbox" });
  const navigate = useNavigate();
  const client = useQueryClient();
  const conversation = useQuery({
    ...conversationQuery(conversationId),
    placeholderData: () => fromLists(client, conversationId),
  });
  const [drawer, setDrawer] = useState(false);
  const name = conversation.data?.contact.name;

  useEffect(() => {
    document.title = name ? `${name} · Kefu` : "Kefu";
  }, [name]);
  useAskAgainAt(conversation.data?.reply.until ?? null, conversation.refetch);
  const floating = useFloatingAtKeyDown();
  useEffect(() => {
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (floating.current || isTyping(event.target)) return;
      void navigate({ to: "/inbox", search });
    };
    window.addEventListener("keydown", onEscape);
    return () => window.removeEventListener("keydown", onEscape);
  }, [navigate, search, floating]);

  if (conversation.isPending) return <ThreadSkeleton />;
  if (!conversation.data) {
    const missing = [403, 404].includes(asApiError(conversation.error).status);
    return (
      <div className="thread">
        {missing ? (
          <Notice icon="chat" title={t("thread.not_found")} hint={t("thread.not_found.hint")} />
        ) : (
          <ErrorNotice error={conversation.error} onRetry={() => void conversation.refetch()} />
        )}
      </div>
    );
  }
  return (
    <div className="conversation">
      <Thread
        key={conversationId}
        conversation={conversation.data}
        onShowPanel={() => setDrawer(true)}
      />
      <aside className="panel" aria-label={t("panel.title")}>
        <SidePanel conversation={conversation.data} />
      </aside>
      <OnDemand when={drawer}>
        <PanelDrawer
          opened={drawer}
          onClose={() => setDrawer(false)}
          conversation={conversation.data}
        />
      </OnDemand>
    </div>
  );
}
