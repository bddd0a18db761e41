/** The list of one view: filter, search, endless scroll, and j/k through it. */
import { CloseButton, Skeleton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { countsQuery, listQuery } from "../../api/inbox";
import type { Conversation } from "../../api/types";
import { Icon } from "../../components/Icon";
import { ErrorNotice } from "../../components/Notice";
import { menuOnDemand } from "../../components/OnDemand";
import { isTyping, useShortcuts } from "../../components/shortcuts";
import { asListFilter, type InboxSearch } from "../../router";
import { ChannelFilter } from "./ChannelFilter";
import { ConversationRow } from "./ConversationRow";
import { EmptyList } from "./EmptyList";
import { useChangeList } from "./useChangeList";

const ROW = 64;
const SortMenu = menuOnDemand(async () => (await import("./SortItems")).SortItems);
const ViewMenu = menuOnDemand(async () => (await import("./ViewItems")).ViewItems);

/** Of those that wait for an answer, the one that has waited longest. */
export function longestWaiting(items: Conversation[]): string | undefined {
  let oldest: Conversation | undefined;
  for (const item of items) {
    if (!item.waiting_since || item.state !== "open") continue;
    if (!oldest?.waiting_since || item.waiting_since < oldest.waiting_since) oldest = item;
  }
  return oldest?.id;
}

export function ConversationList({ selectedId }: { selectedId: string | undefined }) {
  const { t } = useTranslation();
  const search = useSearch({ from: "/desk/inbox" });
  const list = useInfiniteQuery(listQuery(asListFilter(search)));
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    getItemKey: (index) => items[index]?.id ?? index,
    overscan: 8,
  });
  const waiting = longestWaiting(items);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;

  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= items.length - 10 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const step = (by: 1 | -1) => {
    const focused = document.activeElement?.getAttribute("data-index");
    const selected = items.findIndex((item) => item.id === selectedId);
    const from = focused != null ? Number(focused) : selected;
    const to = Math.min(items.length - 1, Math.max(0, from + by));
    rows.scrollToIndex(to);
    requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus(),
    );
  };
  useShortcuts({ j: () => step(1), k: () => step(-1) });
  const onArrow = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    if (isTyping(event.target)) return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  };

  return (
    <section className="list" aria-label={t("list.label")} onKeyDown={onArrow}>
      <ListHead />
      <div className="list-scroll" ref={scroll}>
        {list.isPending && <RowSkeletons />}
        {list.isError && items.length === 0 && (
          <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
        )}
        {list.isSuccess && items.length === 0 && <EmptyList search={search} />}
        <div style={{ position: "relative", height: rows.getTotalSize() }}>
          {shown.map((row) => {
            const conversation = items[row.index];
            if (!conversation) return null;
            return (
              <ConversationRow
                key={row.key}
                index={row.index}
                conversation={conversation}
                selected={conversation.id === selectedId}
                waitsLongest={items.length > 1 && conversation.id === waiting}
                search={search}
                top={row.start}
              />
            );
          })}
        </div>
        {isFetchingNextPage && <RowSkeletons count={3} />}
      </div>
    </section>
  );
}

function ListHead() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/desk/inbox" });
  const changeList = useChangeList();
  const [searching, setSearching] = useState(search.q !== undefined);
  const input = useRef<HTMLInputElement>(null);
  const find = useDebouncedCallback((text: string) => {
    const q = text.trim() || undefined;
    if (q !== search.q) changeList({ q });
  }, 250);
  const open = () => {
    setSearching(true);
    requestAnimationFrame(() => input.current?.focus());
  };
  const close = () => {
    setSearching(false);
    find("");
  };
  const title = t(`view.${search.view}`);
  const trigger = {
    className: "view-button",
    label: `${t("view.label")}: ${title}`,
    testId: "view-menu",
    children: (
      <>
        <span className="one-line">{title}</span>
        <Icon name="down" size={16} />
      </>
    ),
  };

  return (
    <>
      <div className="list-head">
        <h1 className="list-title">
          <span className="one-line">{title}</span>
          <ViewMenu trigger={trigger} />
        </h1>
        <SortMenu
          trigger={{
            className: "icon-button",
            label: `${t("sort.label")}: ${t(`sort.${search.sort ?? "recent"}`)}`,
            testId: "sort-menu",
            children: <Icon name="sort" />,
          }}
        />
        <button
          type="button"
          className="icon-button"
          aria-label={t("list.search")}
          onClick={open}
          data-testid="list-search"
        >
          <Icon name="search" />
        </button>
      </div>
      {searching && (
        <div className="list-search">
          <TextInput
            ref={input}
            aria-label={t("list.search")}
            placeholder={t("list.search")}
            defaultValue={search.q}
            onChange={(event) => find(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Escape" && close()}
            rightSection={<CloseButton size="sm" aria-label={t("action.clear")} onClick={close} />}
          />
        </div>
      )}
      <ChannelFilter />
      {search.view === "mine" && <ResponseFilter />}
      {search.sort && <SortedBy sort={search.sort} />}
    </>
  );
}

/** An order other than the usual one is said, and ended by one click. */
function SortedBy({ sort }: { sort: NonNullable<InboxSearch["sort"]> }) {
  const { t } = useTranslation();
  const changeList = useChangeList();
  return (
    <div className="list-filter" data-testid="sorted-by">
      <button
        type="button"
        className="chip"
        aria-pressed="true"
        onClick={() => changeList({ sort: undefined })}
      >
        {t(`sort.${sort}`)} <Icon name="close" size={12} />
      </button>
    </div>
  );
}

function ResponseFilter() {
  const { t } = useTranslation();
  const unresponded = useQuery(countsQuery).data?.mine_unresponded;
  const search = useSearch({ from: "/desk/inbox" });
  const changeList = useChangeList();
  const choices = [
    { label: t("view.any_response"), value: undefined },
    { label: t("view.yet_to_respond"), value: false, count: unresponded },
    { label: t("view.responded"), value: true },
  ];
  return (
    <div className="list-filter">
      {choices.map(({ label, value, count }) => (
        <button
          key={label}
          type="button"
          className="chip"
          aria-pressed={search.responded === value}
          onClick={() => changeList({ responded: value })}
        >
          {label} {count ? <span className="tabular">{count}</span> : null}
        </button>
      ))}
    </div>
  );
}

function RowSkeletons({ count = 8 }: { count?: number }) {
  const rows = Array.from({ length: count }, (_, index) => `row-${index}`);
  return (
    <div aria-hidden="true">
      {rows.map((row) => (
        <div
          key={row}
          style={{ display: "flex", gap: 10, height: ROW, padding: "0 14px", alignItems: "center" }}
        >
          <Skeleton height={38} circle />
          <div style={{ flex: 1, display: "grid", gap: 8 }}>
            <Skeleton height={12} width="55%" />
            <Skeleton height={10} width="85%" />
          </div>
        </div>
      ))}
    </div>
  );
}
