/** Searching everything: people, tickets and messages, each group the newest first; chosen with the arrows. */
import { Button, CloseButton, Skeleton, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../../api/client";
import { searchQuery } from "../../api/search";
import type { SearchHit } from "../../api/types";
import { Icon } from "../../components/Icon";
import { ErrorNotice, Notice } from "../../components/Notice";
import { fieldErrorText } from "../../i18n/words";
import type { SearchScope } from "../../router";
import { HitRow, wayTo } from "./HitRow";
import { useSearchField } from "./useSearchField";
import "../inbox/inbox.css";
import "../tickets/tickets.css";
import "./search.css";

const order: SearchScope[] = ["contact", "ticket", "message"];
/** Of several groups, so many people and tickets are shown at first. */
const FEW = 4;
const MANY = 20;

type Group = ReturnType<typeof useGroup>;

function useGroup(kind: SearchScope, q: string, only: SearchScope | undefined) {
  const shown = q !== "" && (only === undefined || only === kind);
  const limit = only === kind || kind === "message" ? MANY : FEW;
  const list = useInfiniteQuery({ ...searchQuery(kind, q, limit), enabled: shown });
  const hits = useMemo(
    () => (shown ? (list.data?.pages.flatMap((page) => page.items) ?? []) : []),
    [shown, list.data],
  );
  return { kind, shown, list, hits };
}

function useGroups(q: string, only: SearchScope | undefined): Group[] {
  const contacts = useGroup("contact", q, only);
  const tickets = useGroup("ticket", q, only);
  const messages = useGroup("message", q, only);
  return [contacts, tickets, messages].filter((group) => group.shown);
}

const idOf = (hit: SearchHit) => `hit-${hit.id}`;

export function Search() {
  const { t } = useTranslation();
  const { q = "", kind } = useSearch({ from: "/desk/search" });
  const navigate = useNavigate({ from: "/search" });
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  const { typed, clear, field } = useSearchField(q, (q) => {
    void navigate({ to: ".", search: (old) => ({ ...old, q: q || undefined }), replace: true });
  });
  const groups = useGroups(q, kind);
  const hits = groups.flatMap((group) => group.hits);
  const [chosenId, choose] = useState<string>();
  const chosen = hits.find((hit) => idOf(hit) === chosenId) ?? hits[0];

  useEffect(() => {
    document.title = `${q ? `${q} · ` : ""}${t("search.title")} · Kefu`;
  }, [q, t]);
  // Coming from elsewhere, one types at once.
  useEffect(() => input.current?.focus(), []);

  const step = (by: 1 | -1) => {
    const from = chosen ? hits.indexOf(chosen) : -1;
    const to = hits[Math.min(hits.length - 1, Math.max(0, from + by))];
    if (!to) return;
    choose(idOf(to));
    document.getElementById(idOf(to))?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // A key of the input method.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && chosen && typed.trim() === q) {
      event.preventDefault();
      void navigate(wayTo(chosen));
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (typed) clear();
      else if (router.history.canGoBack()) router.history.back();
      else void navigate({ to: "/inbox", search: { view: "mine" } });
    }
  };

  return (
    <div className="page search">
      <div className="page-inner">
        <h1 className="search-title">{t("search.title")}</h1>
        <TextInput
          ref={input}
          type="text"
          inputMode="search"
          enterKeyHint="search"
          size="md"
          maxLength={200}
          role="combobox"
          aria-label={t("search.placeholder")}
          aria-expanded={hits.length > 0}
          aria-controls="hits"
          aria-activedescendant={chosen ? idOf(chosen) : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={t("search.placeholder")}
          leftSection={<Icon name="search" size={18} />}
          rightSection={
            typed ? <CloseButton aria-label={t("action.clear")} onClick={clear} /> : undefined
          }
          onKeyDown={onKeyDown}
          data-testid="search-field"
          {...field}
        />
        <div className="search-head">
          <Scopes kind={kind} />
          <span className="small dim search-keys" aria-hidden="true">
            {t("search.keys")}
          </span>
        </div>
        <Results q={q} groups={groups} chosen={chosen} onChoose={choose} />
      </div>
    </div>
  );
}

function Scopes({ kind }: { kind: SearchScope | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/search" });
  const choices = [undefined, "message", "contact", "ticket"] as const;
  return (
    <div className="search-scopes">
      {choices.map((choice) => (
        <button
          key={choice ?? "all"}
          type="button"
          className="chip"
          aria-pressed={kind === choice}
          onClick={() =>
            void navigate({
              to: ".",
              search: (old) => ({ ...old, kind: choice }),
              replace: true,
            })
          }
          data-testid={`scope-${choice ?? "all"}`}
        >
          {choice ? t(`search.kind.${choice}`) : t("search.all")}
        </button>
      ))}
    </div>
  );
}

interface ResultsProps {
  q: string;
  groups: Group[];
  chosen: SearchHit | undefined;
  onChoose: (id: string) => void;
}

function Results({ q, groups, chosen, onChoose }: ResultsProps) {
  const { t } = useTranslation();
  const found = groups.reduce((sum, { hits }) => sum + hits.length, 0);
  const pending = groups.some(({ list }) => list.isPending);
  const failed = groups.find(({ list }) => list.isError)?.list;
  const more = groups.some(({ list }) => list.hasNextPage);
  const index = groups[0]?.list.data?.pages.at(-1)?.index;
  const rebuilding = index?.state === "rebuilding";
  if (!q) return <Notice icon="search" title={t("search.begin")} hint={t("search.begin.hint")} />;
  return (
    <>
      <Said found={found} more={more} pending={pending} />
      {rebuilding && (
        <p className="search-rebuilding" role="status" data-testid="index-rebuilding">
          {t("search.rebuilding", { percent: index.percent })}
        </p>
      )}
      {failed && found === 0 ? (
        <Failed error={failed.error} onRetry={() => void failed.refetch()} />
      ) : pending && found === 0 ? (
        <RowSkeletons />
      ) : (
        found === 0 && !more && <Nothing q={q} rebuilding={rebuilding} />
      )}
      <div id="hits" role="listbox" aria-label={t("search.results")}>
        {order.map((kind) => {
          const group = groups.find((group) => group.kind === kind);
          return group && <Hits key={kind} group={group} chosen={chosen} onChoose={onChoose} />;
        })}
      </div>
      {groups.map((group) => (
        <More key={group.kind} group={group} alone={groups.length === 1} />
      ))}
    </>
  );
}

/** For those who listen: how much was found. */
function Said({ found, more, pending }: { found: number; more: boolean; pending: boolean }) {
  const { t } = useTranslation();
  let said = t("search.found", { count: found });
  if (pending) said = t("search.searching");
  else if (found === 0) said = t("search.found_none");
  else if (more) said = t("search.found_more", { count: found });
  return (
    <p className="small dim search-said" role="status" data-testid="search-said">
      {said}
    </p>
  );
}

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const wrong = asApiError(error).fields.q;
  if (wrong) return <Notice icon="search" title={fieldErrorText(wrong)} />;
  return <ErrorNotice error={error} onRetry={onRetry} />;
}

function Nothing({ q, rebuilding }: { q: string; rebuilding: boolean }) {
  const { t } = useTranslation();
  if (rebuilding) {
    return (
      <Notice
        icon="clock"
        title={t("search.none.rebuilding")}
        hint={t("search.none.rebuilding.hint")}
      />
    );
  }
  return <Notice icon="search" title={t("search.none", { q })} hint={t("search.none.hint")} />;
}

function Hits({ group, chosen, onChoose }: { group: Group } & Omit<ResultsProps, "q" | "groups">) {
  const { t } = useTranslation();
  if (group.hits.length === 0) return null;
  const title = t(`search.kind.${group.kind}`);
  return (
    // biome-ignore lint/a11y/useSemanticElements: groups of a listbox have this role and no element
    <div role="group" aria-label={title} className="hits" data-testid={`hits-${group.kind}`}>
      <div className="hits-title" aria-hidden="true">
        {title}
      </div>
      {group.hits.map((hit) => (
        <HitRow
          key={hit.id}
          id={idOf(hit)}
          hit={hit}
          chosen={hit === chosen}
          onPoint={() => onChoose(idOf(hit))}
        />
      ))}
    </div>
  );
}

function More({ group, alone }: { group: Group; alone: boolean }) {
  const { t } = useTranslation();
  const { list, kind } = group;
  if (!list.hasNextPage) return null;
  const what = list.data?.pages.at(-1)?.items.length ? t("search.more") : t("search.older");
  return (
    <div className="search-more">
      <Button
        variant="default"
        loading={list.isFetchingNextPage}
        onClick={() => void list.fetchNextPage()}
        data-testid={`more-${kind}`}
      >
        {alone ? what : `${what} · ${t(`search.kind.${kind}`)}`}
      </Button>
    </div>
  );
}

function RowSkeletons() {
  return (
    <div aria-hidden="true" className="hits">
      {["a", "b", "c", "d"].map((row) => (
        <div className="hit" key={row}>
          <Skeleton height={32} circle />
          <span className="hit-lines">
            <Skeleton height={12} width="30%" />
            <Skeleton height={12} width="75%" />
          </span>
        </div>
      ))}
    </div>
  );
}
