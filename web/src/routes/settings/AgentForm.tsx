/** What is told of a person, when somebody is invited and when they are changed: name, role, departments. */
import { Button, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Role } from "../../api/types";
import { Choice } from "../../components/Choice";
import type { Form } from "../../components/useForm";
import { errorText } from "../../i18n/words";
import { DepartmentChecks } from "./DepartmentChecks";

const roles: Role[] = ["agent", "supervisor", "admin", "viewer"];
const NAME_CHARS = 100;

export interface AgentValues {
  name: string;
  role: Role;
  department_ids: string[];
}

interface Props {
  form: Pick<Form<AgentValues>, keyof Form<AgentValues>>;
  /** What the button that sends it says. */
  done: string;
  onClose: () => void;
  /** Below the name. */
  address?: ReactNode;
  /** At the end. */
  children?: ReactNode;
}

export function AgentForm({ form, done, onClose, address, children }: Props) {
  const { t } = useTranslation();
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
        maxLength={NAME_CHARS}
        data-autofocus
        data-testid="agent-name"
        onChange={(event) => form.set("name", event.currentTarget.value)}
      />
      {address}
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
      {children}
      <div className="form-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" loading={form.busy} data-testid="save">
          {done}
        </Button>
      </div>
    </form>
  );
}
