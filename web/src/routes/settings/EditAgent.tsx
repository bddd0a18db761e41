/** Changes an agent's name, role and departments. */
import { Button, Modal, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Agent, Role } from "../../api/types";
import { Choice } from "../../components/Choice";
import { say } from "../../components/toasts";
import { useForm } from "../../components/useForm";
import { errorText } from "../../i18n/words";
import { DepartmentChecks } from "./DepartmentChecks";

export const roles: Role[] = ["agent", "supervisor", "admin", "viewer"];

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
    <form className="form" ref={form.ref} onSubmit={form.submit} noValidate>
      {form.failure && (
        <p className="signin-said" role="alert">
          {errorText(form.failure)}
        </p>
      )}
      <TextInput
        label={t("agents.column.name")}
        value={form.values.name}
        error={form.problems.name}
        maxLength={100}
        data-autofocus
        onChange={(event) => form.set("name", event.currentTarget.value)}
      />
      <Choice
        label={t("agents.column.role")}
        description={t(`role.${form.values.role}.hint`)}
        options={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
        value={form.values.role}
        onChoose={(value) => form.set("role", value)}
        data-testid="agent-role"
      />
      <DepartmentChecks
        label={t("agents.column.departments")}
        chosen={form.values.department_ids}
        problem={form.problems.department_ids}
        onChoose={(ids) => form.set("department_ids", ids)}
      />
      <div className="form-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" loading={form.busy} data-testid="save">
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}
