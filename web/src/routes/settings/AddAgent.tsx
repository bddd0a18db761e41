/** Adds somebody who can sign in. */
import { Button, Modal, PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, asApiError } from "../../api/client";
import { keys } from "../../api/keys";
import type { Agent, NewAgent, Role } from "../../api/types";
import { Choice } from "../../components/Choice";
import { say, sayError } from "../../components/toasts";
import { fieldErrorText } from "../../i18n/words";
import { DepartmentChecks } from "./DepartmentChecks";

/** The desk's own rule, said before it has to say so. */
const PASSWORD_MIN = 8;

const roles: Role[] = ["agent", "supervisor", "admin", "viewer"];
const empty = {
  email: "",
  name: "",
  role: "agent" as Role,
  department_ids: [] as string[],
  password: "",
};
type Fields = typeof empty;
type Problems = Partial<Record<keyof Fields, string>>;

export function AddAgent({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [fields, setFields] = useState(empty);
  const [problems, setProblems] = useState<Problems>({});
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!opened) return;
    setFields(empty);
    setProblems({});
  }, [opened]);

  const set = <K extends keyof Fields>(name: K, value: Fields[K]) => {
    setFields((old) => ({ ...old, [name]: value }));
    setProblems(({ [name]: _, ...rest }) => rest);
  };
  const check = (): Problems => {
    const found: Problems = {};
    if (!fields.name.trim()) found.name = t("form.required");
    if (!/^\S+@\S+$/.test(fields.email.trim())) found.email = t("signin.email_required");
    if ([...fields.password].length < PASSWORD_MIN) found.password = t("agents.password.hint");
    return found;
  };
  const showProblems = (found: Problems) => {
    setProblems(found);
    requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(),
    );
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = check();
    showProblems(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const body: NewAgent = { ...fields, email: fields.email.trim(), name: fields.name.trim() };
      await api.post<Agent>("/agents", body);
      say(t("agents.added"));
      await client.invalidateQueries({ queryKey: keys.agents });
      onClose();
    } catch (error) {
      const failure = asApiError(error);
      const refused = Object.entries(failure.fields).map(([name, code]) => [
        name,
        fieldErrorText(code),
      ]);
      showProblems(Object.fromEntries(refused) as Problems);
      sayError(failure, t("action.copy_details"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("agents.add")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form className="form" ref={form} onSubmit={submit} noValidate>
        <TextInput
          label={t("agents.column.name")}
          value={fields.name}
          error={problems.name}
          data-autofocus
          data-testid="agent-name"
          onChange={(event) => set("name", event.currentTarget.value)}
        />
        <TextInput
          label={t("agents.column.email")}
          type="email"
          autoComplete="off"
          value={fields.email}
          error={problems.email}
          data-testid="agent-email"
          onChange={(event) => set("email", event.currentTarget.value)}
        />
        <Choice
          label={t("agents.column.role")}
          description={t(`role.${fields.role}.hint`)}
          options={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
          value={fields.role}
          onChoose={(value) => set("role", value)}
          data-testid="agent-role"
        />
        <DepartmentChecks
          label={t("agents.column.departments")}
          chosen={fields.department_ids}
          problem={problems.department_ids}
          onChoose={(ids) => set("department_ids", ids)}
        />
        <PasswordInput
          label={t("agents.password")}
          description={t("agents.password.hint")}
          visibilityToggleButtonProps={{ "aria-label": t("signin.show_password") }}
          autoComplete="new-password"
          value={fields.password}
          error={problems.password}
          data-testid="agent-password"
          onChange={(event) => set("password", event.currentTarget.value)}
        />
        <div className="form-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={busy} data-testid="save">
            {t("action.save")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
