/** Shows a new invitation link, once. */
import { Button, Modal, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../components/CopyButton";

export interface Invited {
  name: string;
  url: string;
}

export function InvitationLink({
  invited,
  onClose,
}: {
  invited: Invited | null;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={invited !== null}
      onClose={onClose}
      closeOnClickOutside={false}
      title={invited && t("agents.link.title", { name: invited.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {invited && (
        <>
          <p style={{ marginTop: 0, lineHeight: 1.6 }}>{t("agents.link.hint")}</p>
          <div className="form-row">
            <TextInput
              label={t("agents.link.label")}
              value={invited.url}
              readOnly
              onFocus={(event) => event.currentTarget.select()}
              data-testid="invitation-link"
            />
            <CopyButton text={invited.url} size="sm" />
          </div>
          <div className="form-end" style={{ marginTop: 16 }}>
            <Button onClick={onClose}>{t("action.close")}</Button>
          </div>
        </>
      )}
    </Modal>
  );
}
