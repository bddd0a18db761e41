/** Asks before a conversation is ended, with the tick that closes its ticket too. */
import { Button, Checkbox, Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "../../api/types";

interface EndProps {
  conversation: Conversation;
  opened: boolean;
  onClose: () => void;
  onEnd: (closeTicket: boolean) => void;
}

export function EndDialog({ conversation, opened, onClose, onEnd }: EndProps) {
  const { t } = useTranslation();
  const [closeTicket, setCloseTicket] = useState(true);
  const hasTicket = conversation.ticket !== null && conversation.ticket.status !== "closed";
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("end.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          onEnd(closeTicket && hasTicket);
        }}
      >
        <p style={{ marginTop: 0 }}>{t("end.hint")}</p>
        {hasTicket && (
          <Checkbox
            checked={closeTicket}
            onChange={(event) => setCloseTicket(event.currentTarget.checked)}
            label={`${t("end.close_ticket")} (#${conversation.ticket?.number})`}
          />
        )}
        <div style={{ display: "flex", justifyContent: "flex-end", gap: 8, marginTop: 20 }}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" data-autofocus data-testid="end-confirm">
            {t("do.end")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
