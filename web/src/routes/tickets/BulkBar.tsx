/** What can be done with the selected tickets at once. */
import { CloseButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/directory";
import { useBulkChange } from "../../api/ticketBulk";
import { priorities, statuses } from "../../api/ticketWords";
import type { Ticket } from "../../api/types";
import { Choice } from "../../components/Choice";

export function BulkBar({ tickets, onClear }: { tickets: Ticket[]; onClear: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const bulk = useBulkChange(onClear);
  if (tickets.length === 0) return null;
  const choices = [
    {
      name: "status",
      label: t("bulk.status"),
      options: statuses.map((value) => ({
        value: value as string,
        label: t(`ticket.status.${value}`),
      })),
      change: (value: string) => ({ status: value }),
    },
    {
      name: "priority",
      label: t("bulk.priority"),
      options: priorities.map((value) => ({
        value: value as string,
        label: t(`ticket.priority.${value}`),
      })),
      change: (value: string) => ({ priority: value }),
    },
    {
      name: "assign",
      label: t("bulk.assign"),
      options: [
        { value: me.id, label: t("bulk.assign.me") },
        { value: "none", label: t("bulk.assign.none") },
      ],
      change: (value: string) => ({ assignee_id: value === "none" ? null : value }),
    },
  ];
  return (
    <section className="bulk-bar" aria-label={t("bulk.label")} data-testid="bulk-bar">
      <b className="tabular" role="status">
        {t("bulk.selected", { count: tickets.length })}
      </b>
      {choices.map(({ name, label, options, change }) => (
        <Choice
          key={name}
          size="xs"
          aria-label={label}
          disabled={bulk.isPending}
          options={[{ value: "", label }, ...options]}
          value=""
          onChoose={(value) => value && bulk.mutate({ tickets, change: change(value) })}
          data-testid={`bulk-${name}`}
        />
      ))}
      <CloseButton aria-label={t("action.clear")} onClick={onClear} />
    </section>
  );
}
