/** The account's menu and automatic answers: what it has now, the menu's editor, the answers. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../../api/types";
import { Notice } from "../../../components/Notice";
import { AccountNow } from "./automation/AccountNow";
import { Answers } from "./automation/Answers";
import { MenuEditor } from "./automation/MenuEditor";
import { ChannelPage } from "./ChannelPage";
import "./automation/automation.css";

export function Automation() {
  return <ChannelPage>{(channel) => <Parts key={channel.id} channel={channel} />}</ChannelPage>;
}

function Parts({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  // A menu that was taken over is another draft: its editor begins again.
  const [taken, setTaken] = useState(0);
  if (channel.state === "deleted") {
    return (
      <Notice icon="block" title={t("automation.deleted")} hint={t("automation.deleted.hint")} />
    );
  }
  return (
    <div className="automation">
      <AccountNow channel={channel} onTaken={() => setTaken((count) => count + 1)} />
      <MenuEditor key={taken} channel={channel} />
      <Answers channel={channel} />
    </div>
  );
}
