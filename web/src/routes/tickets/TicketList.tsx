/** All tickets that the agent may see, newest first, filtered by the address. */
import { Button, Skeleton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { memo, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { departmentsQuery, useMay, useNames } from "../../api/directory";
import { ticketListQuery } from "../../api/tickets";
import { priorities, statuses } from "../../api/ticketWords";
import type { Ticket } from "../../api/types";
import { Choice } from "../../components/Choice";
import { ErrorNotice, Notice } from "../../components/Notice";
import { deskNow } from "../../format/deskClock";
import { fullTime, shortTime } from "../../format/time";
import type { TicketsSearch } from "../../router";
import { useChannelOptions } from "../inbox/ChannelFilter";
import { BulkBar } from "./BulkBar";
import { useSelection } from "./useSelection";
import "./tickets.css";

export function TicketList() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/desk/tickets" });
  const list = useInfiniteQuery(
    ticketListQuery({
      status: search.status,
      priority: search.priority,
      department_id: search.department,
      assignee_id: search.assignee,
      q: search.q,
      channel_id: search.channel,
    }),
  );
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Object.values(search).some((value) => value !== undefined);
  useEffect(() => {
    document.title = `${t("tickets.title")} · Kefu`;
  }, [t]);

  return (
    <div className="page">
      <div className="page-inner">
        <div className="page-head">
          <h1>{t("tickets.title")}</h1>
        </div>
        <Filters />
        {list.isPending && <Skeleton height={420} radius={10} />}
        {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && items.length === 0 && (
          <Notice
            icon="ticket"
            title={t(filtered ? "tickets.empty.filtered" : "tickets.empty")}
            hint={t(filtered ? "list.empty.filtered.hint" : "tickets.empty.hint")}
          />
        )}
        {items.length > 0 && <TicketTable items={items} />}
        {list.hasNextPage && (
          <div style={{ display: "grid", justifyContent: "center", marginTop: 16 }}>
            <Button
              variant="default"
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              {t("action.load_more")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function Filters() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/desk/tickets" });
  const navigate = useNavigate({ from: "/tickets" });
  const departments = useQuery(departmentsQuery).data ?? [];
  const channels = useChannelOptions();
  const set = (change: TicketsSearch) =>
    void navigate({ to: ".", search: (old) => ({ ...old, ...change }), replace: true });
  const find = useDebouncedCallback((q: string) => set({ q: q.trim() || undefined }), 250);

  const choices = [
    {
      name: "status" as const,
      any: t("tickets.filter.any_status"),
      data: statuses.map((value) => ({ value, label: t(`ticket.status.${value}`) })),
    },
    {
      name: "priority" as const,
      any: t("tickets.filter.any_priority"),
      data: priorities.map((value) => ({ value, label: t(`ticket.priority.${value}`) })),
    },
    {
      name: "department" as const,
      any: t("tickets.filter.any_department"),
      data: departments.map(({ id, name }) => ({ value: id, label: name })),
    },
    {
      name: "assignee" as const,
      any: t("tickets.filter.any_assignee"),
      data: [
        { value: "me", label: t("tickets.filter.me") },
        { value: "none", label: t("view.unassigned") },
      ],
    },
    { name: "channel" as const, any: t("channel_filter.all"), data: channels },
  ];
  return (
    <div className="filters">
      <TextInput
        className="filter-search"
        aria-label={t("tickets.search")}
        placeholder={t("tickets.search")}
        defaultValue={search.q}
        onChange={(event) => find(event.currentTarget.value)}
      />
      {choices.map(({ name, any, data }) => (
        <Choice
          key={name}
          aria-label={any}
          options={[{ value: "", label: any }, ...data]}
          value={search[name] ?? ""}
          onChoose={(value) => set({ [name]: value || undefined })}
          data-testid={`filter-${name}`}
        />
      ))}
    </div>
  );
}

function TicketTable({ items }: { items: Ticket[] }) {
  const { t } = useTranslation();
  const mayEdit = useMay("tickets.edit");
  const selection = useSelection(items.map(({ id }) => id));
  const chosen = items.filter(({ id }) => selection.ids.includes(id));
  return (
    <>
      <BulkBar tickets={chosen} onClear={selection.clear} />
      <div className="table-box">
        <table className="table">
          <thead>
            <tr>
              {mayEdit && (
                <th className="select-cell">
                  <label>
                    <input
                      type="checkbox"
                      aria-label={t("bulk.select_all")}
                      checked={chosen.length === items.length}
                      onChange={(event) => selection.all(event.currentTarget.checked)}
                    />
                  </label>
                </th>
              )}
              <th className="extra number" style={{ width: 62 }}>
                #
              </th>
              <th>{t("ticket.subject")}</th>
              <th className="status">{t("ticket.status")}</th>
              <th className="roomy" style={{ width: 76 }}>
                {t("ticket.priority")}
              </th>
              <th className="wide extra" style={{ width: 134 }}>
                {t("panel.department")}
              </th>
              <th className="wide" style={{ width: 132 }}>
                {t("panel.assignee")}
              </th>
              <th className="wide number" style={{ width: 100 }}>
                {t("ticket.created")}
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((ticket) => (
              <TicketRow
                key={ticket.id}
                ticket={ticket}
                selected={mayEdit ? selection.ids.includes(ticket.id) : null}
                onSelect={selection.toggle}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface RowProps {
  ticket: Ticket;
  /** `null`: it cannot be selected. */
  selected: boolean | null;
  onSelect: (id: string, range: boolean) => void;
}

const TicketRow = memo(function TicketRow({ ticket, selected, onSelect }: RowProps) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <tr data-testid="ticket-row" data-selected={selected === true}>
      {selected !== null && (
        <td className="select-cell">
          <label>
            <input
              type="checkbox"
              aria-label={t("bulk.select", { number: ticket.number })}
              checked={selected}
              onClick={(event) => onSelect(ticket.id, event.shiftKey)}
              onChange={() => {}}
              data-testid="select-ticket"
            />
          </label>
        </td>
      )}
      <td className="extra number dim">{ticket.number}</td>
      <td>
        <span className="two-lines">
          <Link
            className="row-link one-line"
            to="/tickets/$ticketId"
            params={{ ticketId: ticket.id }}
          >
            {ticket.subject || t("ticket.no_subject")}
          </Link>
          <span className="small dim one-line">
            <span className="narrow tabular">#{ticket.number} · </span>
            {ticket.contact.name}
          </span>
        </span>
      </td>
      <td>
        <span className="tag" data-tone={ticket.status}>
          {t(`ticket.status.${ticket.status}`)}
        </span>
      </td>
      <td className="roomy priority" data-tone={ticket.priority}>
        {t(`ticket.priority.${ticket.priority}`)}
      </td>
      <td className="wide extra one-line">{names.department(ticket.department_id)}</td>
      <td className="wide one-line">
        {names.agent(ticket.assignee_id) || <span className="dim">{t("panel.nobody")}</span>}
      </td>
      <td className="wide number" title={fullTime(ticket.created_at)}>
        {shortTime(ticket.created_at, deskNow())}
      </td>
    </tr>
  );
});
