/** Asks before a contact is blocked, with the tick for WeChat's own blacklist. */
import { Button, Checkbox, Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  name: string;
  onClose: () => void;
  onBlock: (blacklist: boolean) => void;
}

export function BlockDialog({ name, onClose, onBlock }: Props) {
  const { t } = useTranslation();
  const [blacklist, setBlacklist] = useState(false);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("block.title", { name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          onBlock(blacklist);
        }}
      >
        <p style={{ marginTop: 0, lineHeight: 1.6 }}>{t("block.hint")}</p>
        <Checkbox
          checked={blacklist}
          onChange={(event) => setBlacklist(event.currentTarget.checked)}
          label={t("block.blacklist")}
          description={t("block.blacklist.hint")}
          data-testid="block-blacklist"
        />
        <div className="dialog-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("action.cancel")}
          </Button>
          <Button type="submit" color="red" data-testid="block-confirm">
            {t("do.block")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
