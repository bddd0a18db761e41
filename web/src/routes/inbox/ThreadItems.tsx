/** What is done rarely with a conversation: transfer, block, lift the block. Off with the reason on a deleted channel. */
import { Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Conversation } from "../../api/types";
import { type MenuTrigger, TriggerButton } from "../../components/OnDemand";
import { replyReason } from "../../i18n/words";

interface Props {
  conversation: Conversation;
  onTransfer: () => void;
  onBlock: () => void;
  onUnblock: () => void;
  trigger: MenuTrigger;
}

export function ThreadItems({ conversation, onTransfer, onBlock, onUnblock, trigger }: Props) {
  const { t } = useTranslation();
  const { state, blocked, reply } = conversation;
  const gone = reply.reason === "channel_deleted";
  const ended = state === "ended";
  return (
    <Menu position="bottom-end" width={240} defaultOpened>
      <Menu.Target>
        <TriggerButton {...trigger} />
      </Menu.Target>
      <Menu.Dropdown>
        {gone && <Menu.Label>{replyReason("channel_deleted")}</Menu.Label>}
        {!gone && ended && <Menu.Label>{replyReason("conversation_ended")}</Menu.Label>}
        <Menu.Item disabled={gone || ended} onClick={onTransfer} data-testid="do-transfer">
          {t("do.transfer")}
        </Menu.Item>
        {blocked ? (
          <Menu.Item disabled={gone} onClick={onUnblock} data-testid="do-unblock">
            {t("do.unblock")}
          </Menu.Item>
        ) : (
          <Menu.Item color="red" disabled={gone} onClick={onBlock} data-testid="do-block">
            {t("do.block")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
