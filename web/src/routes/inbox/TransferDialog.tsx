/** To whom a conversation goes: only those who may have it, with availability and load, and a note for them. */
import { Button, Modal, Skeleton, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { transferTargetsQuery } from "../../api/inbox";
import type { Conversation, TransferTargets } from "../../api/types";
import { ErrorNotice } from "../../components/Notice";

export interface Target {
  /** As the desk wants it: one of the two. */
  to: { agent_id: string } | { department_id: string };
  name: string;
}

interface Props {
  conversation: Conversation;
  onClose: () => void;
  onTransfer: (target: Target, note: string) => void;
}

export function TransferDialog({ conversation, onClose, onTransfer }: Props) {
  const { t } = useTranslation();
  const targets = useQuery(transferTargetsQuery(conversation.id));
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("transfer.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {targets.isPending && <Skeleton height={220} />}
      {targets.isError && (
        <ErrorNotice error={targets.error} onRetry={() => void targets.refetch()} />
      )}
      {targets.data && <Form targets={targets.data} onClose={onClose} onTransfer={onTransfer} />}
    </Modal>
  );
}

interface Row extends Target {
  id: string;
  about: string;
}

function useRows({ agents, departments }: TransferTargets) {
  const { t } = useTranslation();
  return {
    agents: agents.map(
      ({ id, name, availability, open_conversations: n }): Row => ({
        id,
        name,
        to: { agent_id: id },
        about: `${t(`availability.${availability}`)} · ${t("transfer.load", { n })}`,
      }),
    ),
    departments: departments.map(
      ({ id, name, queued, online }): Row => ({
        id,
        name,
        to: { department_id: id },
        about: t("transfer.queue", { queued, online }),
      }),
    ),
  };
}

interface FormProps extends Omit<Props, "conversation"> {
  targets: TransferTargets;
}

function Form({ targets, onClose, onTransfer }: FormProps) {
  const { t } = useTranslation();
  const rows = useRows(targets);
  const [wanted, setWanted] = useState("");
  const [chosen, setChosen] = useState<Row | null>(null);
  const [note, setNote] = useState("");
  const matches = (row: Row) => row.name.toLowerCase().includes(wanted.trim().toLowerCase());
  const groups = [
    { label: t("transfer.agents"), rows: rows.agents.filter(matches) },
    { label: t("transfer.departments"), rows: rows.departments.filter(matches) },
  ].filter((group) => group.rows.length > 0);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!chosen) return;
        onClose();
        onTransfer(chosen, note.trim());
      }}
    >
      <TextInput
        aria-label={t("transfer.search")}
        placeholder={t("transfer.search")}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
        data-autofocus
      />
      {rows.agents.length === 0 && <p className="small dim">{t("transfer.nobody")}</p>}
      <div className="targets">
        {groups.length === 0 && <p className="dim">{t("transfer.no_match")}</p>}
        {groups.map((group) => (
          <fieldset key={group.label}>
            <legend>{group.label}</legend>
            {group.rows.map((row) => (
              <label key={row.id} className="target" data-testid="transfer-target">
                <input
                  type="radio"
                  name="target"
                  checked={chosen?.id === row.id}
                  onChange={() => setChosen(row)}
                />
                <span className="one-line">{row.name}</span>
                <span className="small dim tabular">{row.about}</span>
              </label>
            ))}
          </fieldset>
        ))}
      </div>
      <Textarea
        label={t("transfer.note")}
        description={t("transfer.note.hint")}
        autosize
        minRows={2}
        maxRows={6}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-testid="transfer-note"
      />
      <div className="dialog-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" disabled={!chosen} data-testid="transfer-confirm">
          {t("do.transfer")}
        </Button>
      </div>
    </form>
  );
}
