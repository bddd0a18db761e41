/** What stands beside the list before a conversation is chosen. */
import { useTranslation } from "react-i18next";
import { Notice } from "../../components/Notice";

export function NoConversation() {
  const { t } = useTranslation();
  return (
    <div className="no-conversation">
      <Notice icon="chat" title={t("thread.pick")} hint={t("thread.pick.hint")} />
    </div>
  );
}
