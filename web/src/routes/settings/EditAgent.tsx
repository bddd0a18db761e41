/** Changes an agent's name, role and departments. */
import { Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Agent } from "../../api/types";
import { say } from "../../components/toasts";
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
  return <AgentForm form={form} done={t("action.save")} onClose={onClose} />;
}
