/** Changes an agent's name, role and departments. */
import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Agent, Role } from "../../api/types";
import { Choice } from "../../components/Choice";
import { say, sayError } from "../../components/toasts";
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
      {agent.second_factor && <ResetSecondFactor agent={agent} onClose={onClose} />}
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
