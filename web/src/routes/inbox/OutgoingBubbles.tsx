/** Messages that this device has not yet handed over to the desk, shown where they will stand. */

import i18next from "i18next";
import { useTranslation } from "react-i18next";
import type { ReplyReason } from "../../api/types";
import { copyText } from "../../components/copy";
import { say } from "../../components/toasts";
import { useDeskNow } from "../../format/deskClock";
import { fieldErrorText, messageReason, replyReason } from "../../i18n/words";
import { useOutbox } from "../../outbox/OutboxProvider";
import type { Outgoing } from "../../outbox/outbox";
import { FaceText } from "./FaceText";

const PATIENCE_MS = 4000;

interface Props {
  outgoing: Outgoing[];
  onEditAgain: (text: string) => void;
}

/** The desk's refusal in words, whichever family of codes it is from. */
function refusal(code: string): string {
  if (i18next.exists(`reply.reason.${code}`)) return replyReason(code as ReplyReason);
  if (i18next.exists(`error.${code}`)) return i18next.t(`error.${code}`);
  return i18next.exists(`field_error.${code}`) ? fieldErrorText(code) : messageReason(code);
}

/** What is copied for a bug report. */
const details = (one: Outgoing) =>
  [
    `client id: ${one.client_id}`,
    `code: ${one.refused?.code}`,
    `request: ${one.refused?.request_id || "-"}`,
  ].join("\n");

function StateLine({ one, onEditAgain }: { one: Outgoing; onEditAgain: Props["onEditAgain"] }) {
  const { t } = useTranslation();
  const outbox = useOutbox();
  useDeskNow();
  if (!one.refused) {
    const late = !navigator.onLine || Date.now() - Date.parse(one.created_at) > PATIENCE_MS;
    return (
      <div className="state" data-tone={late ? "warn" : undefined} data-testid="outgoing-state">
        {late ? t("state.waiting_connection") : t("state.saving")}
      </div>
    );
  }
  return (
    <div className="state" data-tone="danger" data-testid="outgoing-state">
      <span>{t("state.refused", { reason: refusal(one.refused.code) })}</span>
      {one.text && (
        <button
          type="button"
          onClick={() => {
            onEditAgain(one.text ?? "");
            outbox.discard(one.client_id);
          }}
        >
          {t("state.edit_again")}
        </button>
      )}
      <button type="button" onClick={() => outbox.discard(one.client_id)}>
        {t("state.discard")}
      </button>
      <button
        type="button"
        onClick={() => void copyText(details(one)).then(() => say(t("action.copied")))}
      >
        {t("action.copy_details")}
      </button>
    </div>
  );
}

export function OutgoingBubbles({ outgoing, onEditAgain }: Props) {
  const { t } = useTranslation();
  return outgoing.map((one) => (
    <div className="group" data-side="out" key={one.client_id}>
      {one.kind === "note" ? (
        <div className="note" style={{ margin: 0, width: "100%", boxSizing: "border-box" }}>
          {one.text}
        </div>
      ) : (
        <div className="bubble" data-pending="true">
          {one.text ? <FaceText text={one.text} /> : t(`preview.${one.kind}`)}
        </div>
      )}
      <StateLine one={one} onEditAgain={onEditAgain} />
    </div>
  ));
}
