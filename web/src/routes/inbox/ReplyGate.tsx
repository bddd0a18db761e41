/** In the composer's place while no reply is possible: why, until when, and the next step. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay, useNames } from "../../api/directory";
import type { Conversation, Reply } from "../../api/types";
import { replyNextStep, replyReason } from "../../i18n/words";
import { opensAgain, replyDetail } from "./allowance";
import type { ConversationActions } from "./useConversationActions";

interface Props {
  conversation: Conversation;
  actions: ConversationActions;
}

export function ReplyGate({ conversation, actions }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  const { reply } = conversation;
  const holder = reply.reason === "not_assignee" ? names.agent(conversation.assignee_id) : "";
  return (
    <div className="gate" data-testid="reply-gate" data-reason={reply.reason}>
      <p>
        {holder ? t("status.with", { name: holder }) : why(reply)}
        {reply.reason === "window_closed" && reply.detail && <span>{replyDetail(reply)}</span>}
        <span>{[opensAgain(reply), replyNextStep(reply.reason)].filter(Boolean).join(" · ")}</span>
      </p>
      <NextStep conversation={conversation} actions={actions} />
    </div>
  );
}

/** Of a used-up count, what exactly is used up says more. */
const why = (reply: Reply) =>
  reply.reason === "quota_exhausted" && reply.detail
    ? replyDetail(reply)
    : replyReason(reply.reason);

function NextStep({ conversation, actions }: Props) {
  const { t } = useTranslation();
  const mayAssign = useMay("conversations.assign");
  switch (conversation.reply.reason) {
    case "unassigned":
      return (
        <Button
          onClick={() => actions.pickUp()}
          loading={actions.busy === "pick-up"}
          data-testid="gate-pick-up"
        >
          {t("do.pick_up")}
        </Button>
      );
    case "not_assignee":
      return mayAssign ? (
        <Button
          variant="default"
          onClick={() => actions.pickUp(true)}
          loading={actions.busy === "pick-up"}
          data-testid="take-over"
        >
          {t("do.take_over")}
        </Button>
      ) : null;
    case "conversation_ended":
      return (
        <Button onClick={actions.reopen} loading={actions.busy === "reopen"} data-testid="reopen">
          {t("do.reopen")}
        </Button>
      );
    case "contact_blocked":
      return (
        <Button variant="default" onClick={actions.unblock} loading={actions.busy === "unblock"}>
          {t("do.unblock")}
        </Button>
      );
    default:
      return null;
  }
}
