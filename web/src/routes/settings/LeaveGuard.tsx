/** Asks before a form with unsaved changes is left, by a link, by "back", or by closing the window. */
import { Button, Modal } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

export function LeaveGuard({ unsaved }: { unsaved: () => boolean }) {
  const { t } = useTranslation();
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: unsaved,
    enableBeforeUnload: unsaved,
    withResolver: true,
  });
  return (
    <Modal
      opened={status === "blocked"}
      onClose={() => reset?.()}
      title={t("form.leave.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p style={{ marginTop: 0, lineHeight: 1.6 }}>{t("form.leave.hint")}</p>
      <div className="form-end">
        <Button variant="default" onClick={() => proceed?.()} data-testid="leave">
          {t("form.leave.yes")}
        </Button>
        <Button onClick={() => reset?.()} data-autofocus data-testid="stay">
          {t("form.leave.no")}
        </Button>
      </div>
    </Modal>
  );
}
