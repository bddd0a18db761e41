/** What the account does by itself, the warning that it stops, and the way to take it over. */
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../../../api/types";
import { Icon } from "../../../../components/Icon";
import { ErrorNotice } from "../../../../components/Notice";
import { fullTime } from "../../../../format/time";
import { messageReason } from "../../../../i18n/words";
import { type Automation, automationQuery, type OwnMenuItem, type Summary } from "./automationApi";
import { LeftOutList } from "./LeftOutList";
import { TakeOverDialog } from "./TakeOverDialog";

export function AccountNow({ channel, onTaken }: { channel: Channel; onTaken: () => void }) {
  const { t } = useTranslation();
  const query = useQuery(automationQuery(channel.id));
  const [open, setOpen] = useState(false);
  const seen = query.data;
  return (
    <section className="card" data-testid="account-now">
      <h2>{t("automation.now.title")}</h2>
      <p className="warning">
        <Icon name="alert" />
        <span>
          {t(channel.url_verified_at ? "automation.now.warning_on" : "automation.now.warning")}
        </span>
      </p>
      {query.isPending && <Skeleton height={120} radius={10} />}
      {query.isError && !seen && (
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      )}
      {seen && (
        <>
          <div className="own-parts">
            <OwnMenu menu={seen.menu} />
            <OwnReplies replies={seen.replies} />
          </div>
          {seen.summary && seen.taken_over_at && (
            <Taken summary={seen.summary} at={seen.taken_over_at} />
          )}
          <div className="form-end">
            <Button
              variant="default"
              loading={query.isRefetching}
              onClick={() => void query.refetch()}
            >
              {t("automation.now.read_again")}
            </Button>
            <Button
              variant={seen.taken_over_at ? "default" : "filled"}
              disabled={!hasMenu(seen) && !hasReplies(seen)}
              onClick={() => setOpen(true)}
              data-testid="take-over"
            >
              {t("automation.take.button")}
            </Button>
          </div>
          {!hasMenu(seen) && !hasReplies(seen) && (
            <p className="dim small" style={{ textAlign: "right" }}>
              {t("automation.take.nothing")}
            </p>
          )}
          <TakeOverDialog
            channelId={channel.id}
            seen={seen}
            opened={open}
            onClose={() => setOpen(false)}
            onTaken={onTaken}
          />
        </>
      )}
    </section>
  );
}

export const hasMenu = (seen: Automation) => seen.menu.items.length > 0;
export const hasReplies = (seen: Automation) =>
  Boolean(seen.replies.follow || seen.replies.default || seen.replies.rules.length > 0);

/** How WeChat answered: in words, and from when this is. */
function State({ part, none }: { part: Automation["menu"] | Automation["replies"]; none: string }) {
  const { t } = useTranslation();
  const reason = part.code ? messageReason(part.code) : "";
  const words = {
    ok: part.read_at ? t("automation.now.read_at", { time: fullTime(part.read_at) }) : "",
    none,
    denied: t("automation.denied", { reason: part.code ?? "" }),
    failed: t("automation.failed", { reason }),
  };
  return (
    <>
      {part.kept && part.read_at ? (
        <p className="dim small">{t("automation.now.kept", { time: fullTime(part.read_at) })}</p>
      ) : null}
      {(part.state !== "none" || !part.kept) && <p className="dim small">{words[part.state]}</p>}
    </>
  );
}

function OwnMenu({ menu }: { menu: Automation["menu"] }) {
  const { t } = useTranslation();
  const line = (item: OwnMenuItem) => (
    <>
      <bdi>{item.name}</bdi>
      {(item.items ?? []).length === 0 && (
        <span className="dim small"> · {t(`automation.own.${wordOf(item)}`)}</span>
      )}
    </>
  );
  return (
    <div>
      <h3>{t("automation.now.menu")}</h3>
      <State part={menu} none={t("automation.now.no_menu")} />
      <ul className="menu-outline">
        {menu.items.map((item) => (
          <li key={item.name}>
            {line(item)}
            {item.items && item.items.length > 0 && (
              <ul>
                {item.items.map((below) => (
                  <li key={below.name}>{line(below)}</li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What an item shows or does: a page, a tap, or one of the console's own kinds. */
const wordOf = (item: OwnMenuItem): "reply" | "page" | "other" =>
  item.reply ? "reply" : item.kind === "view" || item.kind === "miniprogram" ? "page" : "other";

function OwnReplies({ replies }: { replies: Automation["replies"] }) {
  const { t } = useTranslation();
  const lines = [
    replies.follow && t("automation.occasion.follow"),
    replies.default && t("automation.occasion.default"),
    replies.rules.length > 0 && t("automation.now.rules", { count: replies.rules.length }),
  ].filter(Boolean);
  return (
    <div>
      <h3>{t("automation.now.replies")}</h3>
      <State part={replies} none={t("automation.now.no_replies")} />
      <ul className="menu-outline">
        {lines.map((line) => (
          <li key={String(line)}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

function Taken({ summary, at }: { summary: Summary; at: string }) {
  const { t } = useTranslation();
  return (
    <details className="taken" data-testid="taken">
      <summary>
        <span className="verify" data-ok="true">
          <Icon name="check" size={16} />
          {t("automation.take.done", { time: fullTime(at), count: summary.answers })}
        </span>
      </summary>
      {summary.known > 0 && (
        <p className="dim small">{t("automation.take.known", { count: summary.known })}</p>
      )}
      {summary.menu_items != null && (
        <p className="dim small">
          {t("automation.take.menu_items", { count: summary.menu_items })}
        </p>
      )}
      <LeftOutList left={summary.left_out} />
    </details>
  );
}
