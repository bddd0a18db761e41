/** Invites somebody: the answer is a link with which they set their own password. */
import { Modal, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Role } from "../../api/types";
import { Choice } from "../../components/Choice";
import { say } from "../../components/toasts";
import { useForm } from "../../components/useForm";
import { type Language, languageNames, languages } from "../../i18n";
import { AgentForm } from "./AgentForm";
import type { Invited } from "./InvitationLink";

interface Props {
  opened: boolean;
  onClose: () => void;
  onInvited: (invited: Invited) => void;
}

export function AddAgent({ opened, onClose, onInvited }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("agents.add")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {opened && <Form onClose={onClose} onInvited={onInvited} />}
    </Modal>
  );
}

function Form({ onClose, onInvited }: Omit<Props, "opened">) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const initial = {
    email: "",
    name: "",
    role: "agent" as Role,
    language: i18n.language as Language,
    department_ids: [] as string[],
  };
  const form = useForm(
    initial,
    ({ name, email }) => [
      ...(name.trim() === "" ? (["name"] as const) : []),
      ...(email.trim() === "" ? (["email"] as const) : []),
    ],
    async (values) => {
      const { invitation_url: url } = await api.post<{ invitation_url: string }>("/agents", values);
      say(t("agents.added"));
      onClose();
      onInvited({ name: values.name.trim(), url });
      await client.invalidateQueries({ queryKey: keys.agents });
    },
  );
  const address = (
    <TextInput
      label={t("agents.column.email")}
      type="email"
      autoComplete="off"
      value={form.values.email}
      error={form.problems.email}
      data-testid="agent-email"
      onChange={(event) => form.set("email", event.currentTarget.value)}
    />
  );
  return (
    <AgentForm form={form} done={t("agents.invite")} onClose={onClose} address={address}>
      <Choice
        label={t("agents.language")}
        options={languages.map((value) => ({ value, label: languageNames[value] }))}
        value={form.values.language}
        onChoose={(value) => form.set("language", value)}
        data-testid="agent-language"
      />
    </AgentForm>
  );
}
