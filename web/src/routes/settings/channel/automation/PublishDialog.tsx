/** Before the menu goes to WeChat: what customers will see, and when. */
import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MenuItem } from "./automationApi";

interface Props {
  opened: boolean;
  items: MenuItem[];
  onClose: () => void;
  onPublish: () => Promise<void>;
}

export function PublishDialog({ opened, items, onClose, onPublish }: Props) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    await onPublish();
    setBusy(false);
  };
  const line = (item: MenuItem) => (
    <>
      <bdi>{item.name}</bdi>
      <span className="dim small">
        {" "}
        · {t(`automation.kind.${item.kind}`)}
        {item.kind === "view" && item.url && (
          <>
            {" · "}
            <bdi>{item.url}</bdi>
          </>
        )}
      </span>
    </>
  );
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("automation.menu.publish_title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p style={{ marginTop: 0, lineHeight: 1.6 }}>{t("automation.menu.publish_hint")}</p>
      <ul className="menu-outline">
        {items.map((item, index) => (
          <li key={index}>
            {line(item)}
            {item.items && item.items.length > 0 && (
              <ul>
                {item.items.map((below, at) => (
                  <li key={at}>{line(below)}</li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      <div className="form-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button loading={busy} onClick={() => void go()} data-testid="confirm-publish">
          {t("automation.menu.publish")}
        </Button>
      </div>
    </Modal>
  );
}
