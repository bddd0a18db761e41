/** After a restore the desk sends nothing until an administrator confirms: said on every page until then. */
import { Button, Modal } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useMay } from "../../api/directory";
import { installationQuery } from "../../api/installation";
import { keys } from "../../api/keys";
import { say, sayError } from "../../components/toasts";
import { fullTime } from "../../format/time";

export function QuarantineBar() {
  const { t } = useTranslation();
  const may = useMay("installation.manage");
  const [asking, setAsking] = useState(false);
  const quarantine = useQuery(installationQuery).data?.quarantine;
  if (!quarantine) return null;
  const time = fullTime(quarantine.backup_made_at ?? quarantine.since);
  return (
    <div className="live-bar quarantine-bar" role="status" data-testid="quarantine">
      <span>
        <b>{t("quarantine.title", { time })}</b> {may ? t("quarantine.hint") : t("quarantine.ask")}
      </span>
      {may && (
        <Button size="xs" variant="default" onClick={() => setAsking(true)}>
          {t("quarantine.release")}
        </Button>
      )}
      <Release opened={asking} onClose={() => setAsking(false)} />
    </div>
  );
}

function Release({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const release = useMutation({
    mutationFn: () => api.post("/installation/release"),
    onSuccess: () => say(t("quarantine.released")),
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: () => {
      onClose();
      return client.invalidateQueries({ queryKey: keys.installation });
    },
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("quarantine.confirm.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p style={{ marginTop: 0, lineHeight: 1.6 }}>{t("quarantine.confirm")}</p>
      <div className="form-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button loading={release.isPending} onClick={() => release.mutate()} data-testid="confirm">
          {t("quarantine.release")}
        </Button>
      </div>
    </Modal>
  );
}
