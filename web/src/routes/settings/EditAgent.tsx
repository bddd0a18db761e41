/** Changes an agent's name, role and departments. */
import { Button, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Agent } from "../../api/types";
import { say, sayError } from "../../components/toasts";
import { useForm } from "../../components/useForm";
import { AgentForm } from "./AgentForm";

export function EditAgent({ agent, onClose }: { agent: Agent | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={agent !== null}
      onClose={onClose}
      title={agent && t("agents.edit.title", { name: agent.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {agent && <Form key={agent.id} agent={agent} onClose={onClose} />}
    </Modal>
  );
}

function Form({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { name, role, department_ids, version } = agent;
  const form = useForm(
    { name, role, department_ids },
    (values) => (values.name.trim() === "" ? ["name"] : []),
    async (values) => {
      await api.patch(`/agents/${agent.id}`, { ...values, version });
      say(t("agents.saved"));
      onClose();
      await client.invalidateQueries();
    },
  );
  return (
    <AgentForm form={form} done={t("action.save")} onClose={onClose}>
      {agent.second_factor && <ResetSecondFactor agent={agent} onClose={onClose} />}
    </AgentForm>
  );
}

/** For an agent who has lost the authenticator and the recovery codes. Asks once more: it makes signing in easier. */
function ResetSecondFactor({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const reset = useMutation({
    mutationFn: () => api.delete(`/agents/${agent.id}/second-factor`),
    onSuccess: () => {
      say(t("agents.second_factor.was_reset", { name: agent.name }));
      onClose();
    },
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: () => client.invalidateQueries({ queryKey: keys.agents }),
  });
  return (
    <div className="form" data-testid="agent-second-factor">
      <span className="small dim">{t("agents.second_factor.hint")}</span>
      <div>
        <Button
          variant={sure ? "filled" : "default"}
          color={sure ? "red" : undefined}
          loading={reset.isPending}
          onClick={() => (sure ? reset.mutate() : setSure(true))}
          data-testid="reset-second-factor"
        >
          {sure ? t("agents.second_factor.sure") : t("agents.second_factor.reset")}
        </Button>
      </div>
    </div>
  );
}
