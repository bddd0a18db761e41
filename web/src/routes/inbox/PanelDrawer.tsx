/** The side panel as a drawer, where the page is too narrow for both. */
import { Drawer } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Conversation } from "../../api/types";
import { SidePanel } from "./SidePanel";

interface Props {
  conversation: Conversation;
  opened: boolean;
  onClose: () => void;
}

export function PanelDrawer({ conversation, opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={340}
      title={t("panel.title")}
      closeButtonProps={{ "aria-label": t("panel.close") }}
    >
      <div className="panel drawer-panel">
        <SidePanel conversation={conversation} />
      </div>
    </Drawer>
  );
}
