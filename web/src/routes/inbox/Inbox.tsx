/** The inbox: the list of one view at left, the chosen conversation beside it. */
import { Outlet, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { ConversationList } from "./ConversationList";
import "./inbox.css";

export function Inbox() {
  const { t } = useTranslation();
  const { conversationId } = useParams({ strict: false });
  useEffect(() => {
    if (!conversationId) document.title = `${t("nav.inbox")} · Kefu`;
  }, [conversationId, t]);
  return (
    <div className="inbox" data-open={conversationId !== undefined}>
      <ConversationList selectedId={conversationId} />
      <Outlet />
    </div>
  );
}
