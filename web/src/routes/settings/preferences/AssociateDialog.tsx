/** The channels that one agent answers: ticks, what unticking does to open conversations, save. */
import { Button, Checkbox, Modal, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../../../api/client";
import { useNames } from "../../../api/directory";
import { keys } from "../../../api/keys";
import { associationsQuery, saveAssociations } from "../../../api/preferences";
import type { Agent, Associations, Department } from "../../../api/types";
import { ErrorNotice } from "../../../components/Notice";
import { say, sayError } from "../../../components/toasts";

interface Props {
  department: Department;
  agent: Agent;
  onClose: () => void;
}

export function AssociateDialog({ department, agent, onClose }: Props) {
  const { t } = useTranslation();
  const found = useQuery(associationsQuery(department.id, agent.id));
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("preferences.associate.title", { name: agent.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {found.isPending && <Skeleton height={120} />}
      {found.isError && <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && (
        // What somebody else saves meanwhile begins the form anew: `seen` must be what is shown.
        <Form key={stateOf(found.data)} seen={found.data} onClose={onClose} />
      )}
    </Modal>
  );
}

const stateOf = ({ items }: Associations) =>
  items.map((one) => `${one.channel_id}${one.associated ? "+" : "-"}`).join();

function Form({ seen, onClose }: { seen: Associations; onClose: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const client = useQueryClient();
  const [chosen, setChosen] = useState(() =>
    seen.items.filter((one) => one.associated).map((one) => one.channel_id),
  );
  const returning = seen.items
    .filter((one) => one.associated && !chosen.includes(one.channel_id))
    .reduce((sum, one) => sum + one.open_conversations, 0);
  const save = useMutation({
    mutationFn: () => saveAssociations(seen, chosen),
    onSuccess: () => {
      say(t("preferences.saved"));
      onClose();
    },
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: (_, error) =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.preferencesOf(seen.department_id) }),
        // The dialog then shows what the other administrator saved.
        error && asApiError(error).code === "changed_meanwhile"
          ? client.invalidateQueries({
              queryKey: keys.associations(seen.department_id, seen.agent_id),
            })
          : null,
      ]),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <fieldset className="checks">
        <legend>{t("preferences.channels")}</legend>
        {seen.items.map((one) => (
          <Checkbox
            key={one.channel_id}
            label={names.channel(one.channel_id)?.name ?? one.channel_id}
            checked={chosen.includes(one.channel_id)}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              setChosen((old) =>
                on ? [...old, one.channel_id] : old.filter((id) => id !== one.channel_id),
              );
            }}
          />
        ))}
      </fieldset>
      {returning > 0 && (
        <p className="preferences-warning" role="status" data-testid="returning">
          {t("preferences.returning", { count: returning })}
        </p>
      )}
      <div className="form-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" loading={save.isPending} data-testid="associate-save">
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}
