/** Disables an agent, after saying how many open conversations go back to the queue. */
import { Button, Modal, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Agent } from "../../api/types";
import { ErrorNotice } from "../../components/Notice";
import { say, sayError } from "../../components/toasts";

export function DisableAgent({ agent, onClose }: { agent: Agent | null; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const workload = useQuery({
    queryKey: ["workload", agent?.id],
    queryFn: () => api.get<{ open_conversations: number }>(`/agents/${agent?.id}/workload`),
    enabled: agent !== null,
    gcTime: 0,
  });
  const disable = useMutation({
    mutationFn: () => api.patch(`/agents/${agent?.id}`, { state: "disabled" }),
    onSuccess: () => {
      say(t("agents.was_disabled"));
      return client.invalidateQueries();
    },
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: onClose,
  });
  return (
    <Modal
      opened={agent !== null}
      onClose={onClose}
      title={agent && t("agents.disable.title", { name: agent.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {workload.isPending && <Skeleton height={44} />}
      {workload.isError && <ErrorNotice error={workload.error} />}
      {workload.data && (
        <p style={{ marginTop: 0, lineHeight: 1.6 }} data-testid="disable-hint">
          {t("agents.disable.hint", { count: workload.data.open_conversations })}
        </p>
      )}
      <div className="form-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button
          color="red"
          disabled={!workload.data}
          loading={disable.isPending}
          onClick={() => disable.mutate()}
          data-testid="confirm"
        >
          {t("agents.disable")}
        </Button>
      </div>
    </Modal>
  );
}
