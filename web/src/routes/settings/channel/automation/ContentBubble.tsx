/** What an answer consists of, as a bubble on the customer's phone. No picture is loaded from WeChat. */
import { useTranslation } from "react-i18next";
import { Icon } from "../../../../components/Icon";
import type { AnswerIn } from "./automationApi";

export function ContentBubble({ answer }: { answer: Pick<AnswerIn, "kind" | "text" | "data"> }) {
  const { t } = useTranslation();
  const { kind, text, data } = answer;
  if (kind === "text" || !kind) {
    return <div className="phone-bubble">{text || t("automation.answer.empty")}</div>;
  }
  if (kind === "news") {
    return (
      <div className="phone-bubble phone-card">
        <b>{data?.title || t("automation.answer.empty")}</b>
        {data?.description && <span className="dim">{data.description}</span>}
        {data?.url && (
          <bdi className="dim small one-line" title={data.url}>
            {data.url}
          </bdi>
        )}
      </div>
    );
  }
  return (
    <div className="phone-bubble">
      <span className="placeholder">
        <Icon name={kind === "voice" ? "play" : "file"} size={16} />
        {t(`automation.content.${kind}`)}
        {text || data?.title ? ` · ${text || data?.title}` : ""}
      </span>
    </div>
  );
}
