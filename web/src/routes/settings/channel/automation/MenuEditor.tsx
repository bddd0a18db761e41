/** The menu at the bottom of the chat: edit, keep, publish. */
import { Button, Modal, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, api } from "../../../../api/client";
import type { Channel } from "../../../../api/types";
import { Icon } from "../../../../components/Icon";
import { ErrorNotice } from "../../../../components/Notice";
import { say, sayError } from "../../../../components/toasts";
import { fullTime } from "../../../../format/time";
import { messageReason } from "../../../../i18n/words";
import { answersQuery, type ChannelMenu, type MenuItem, menuKey, menuQuery } from "./automationApi";
import { MenuItemForm } from "./MenuItemForm";
import {
  addBelow,
  addItem,
  changeAt,
  itemAt,
  moveAt,
  type Place,
  removeAt,
  wrongPlaces,
} from "./menuTree";
import { PhoneMenu } from "./PhoneMenu";
import { PublishDialog } from "./PublishDialog";
import { useMenuDraft } from "./useMenuDraft";

export function MenuEditor({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const menu = useQuery(menuQuery(channel.id));
  const [round, setRound] = useState(0);
  const reload = async () => {
    await menu.refetch();
    setRound((now) => now + 1);
  };
  return (
    <section className="card" data-testid="menu-editor">
      <h2>{t("automation.menu.title")}</h2>
      <p>{t("automation.menu.hint")}</p>
      {menu.isPending && <Skeleton height={320} radius={10} />}
      {menu.isError && !menu.data && (
        <ErrorNotice error={menu.error} onRetry={() => void menu.refetch()} />
      )}
      {menu.data && (
        <Editor key={round} channel={channel} menu={menu.data} onReload={() => void reload()} />
      )}
    </section>
  );
}

const fresh = (name: string): MenuItem => ({ name, kind: "answer", text: "" });

interface EditorProps {
  channel: Channel;
  menu: ChannelMenu;
  onReload: () => void;
}

function Editor({ channel, menu, onReload }: EditorProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const answers = useQuery(answersQuery(channel.id)).data ?? [];
  const { items, edit, saving, retry, publish } = useMenuDraft(channel.id, menu);
  const [chosen, setChosen] = useState<Place | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [asked, setAsked] = useState<"publish" | "remove" | null>(null);
  const item = chosen ? itemAt(items, chosen) : undefined;
  const fields = failure?.fields ?? {};
  const beside = chosen && chosen.length > 1 ? (items[chosen[0] ?? 0]?.items ?? []) : items;

  const change = (next: MenuItem[], place: Place | null = chosen) => {
    edit(next);
    setChosen(place);
    setFailure(null);
  };
  const addUnder = (place: Place) => {
    const next = addBelow(items, place, fresh(""));
    change(next, [place[0] ?? 0, (next[place[0] ?? 0]?.items?.length ?? 1) - 1]);
  };
  const send = async () => {
    const refused = await publish();
    setAsked(null);
    setFailure(refused);
    if (!refused) {
      say(t("automation.menu.published"));
      await client.invalidateQueries({ queryKey: answersQuery(channel.id).queryKey });
    }
  };
  const remove = async () => {
    try {
      await api.delete(`/channels/${channel.id}/menu`);
      say(t("automation.menu.removed"));
      await client.invalidateQueries({ queryKey: menuKey(channel.id) });
    } catch (error) {
      sayError(error, t("action.copy_details"));
    }
    setAsked(null);
  };
  return (
    <>
      <LiveLine menu={menu} />
      <div className="menu-editor">
        <PhoneMenu
          items={items}
          chosen={chosen}
          wrong={wrongPlaces(fields)}
          onChoose={setChosen}
          onAdd={() => change(addItem(items, fresh("")), [items.length])}
          onAddBelow={addUnder}
        />
        {item && chosen ? (
          <MenuItemForm
            key={chosen.join(".")}
            item={item}
            place={chosen}
            count={beside.length}
            answers={answers}
            fields={fields}
            onChange={(part) => change(changeAt(items, chosen, part))}
            onReplace={(next) =>
              change(
                changeAt(items, chosen, {
                  ...{ key: undefined, text: undefined, url: undefined, value: undefined },
                  ...{ app_id: undefined, page_path: undefined },
                  ...next,
                }),
              )
            }
            onMove={(by) =>
              change(moveAt(items, chosen, by), [
                ...chosen.slice(0, -1),
                (chosen[chosen.length - 1] ?? 0) + by,
              ])
            }
            onRemove={() => change(removeAt(items, chosen), null)}
            onAddBelow={() => addUnder(chosen)}
          />
        ) : (
          <p className="dim menu-form-empty">{t("automation.menu.choose")}</p>
        )}
      </div>
      {failure && <Refused failure={failure} />}
      <div className="menu-end">
        <SavingLine saving={saving} onRetry={retry} onReload={onReload} />
        {menu.state === "ok" && (
          <Button variant="subtle" color="red" onClick={() => setAsked("remove")}>
            {t("automation.menu.remove_all")}
          </Button>
        )}
        <Button
          onClick={() => setAsked("publish")}
          disabled={items.length === 0 || saving === "conflict"}
          data-testid="publish"
        >
          {t("automation.menu.publish")}
        </Button>
      </div>
      <PublishDialog
        opened={asked === "publish"}
        items={items}
        onClose={() => setAsked(null)}
        onPublish={send}
      />
      <Modal
        opened={asked === "remove"}
        onClose={() => setAsked(null)}
        title={t("automation.menu.remove_all")}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <p style={{ marginTop: 0 }}>{t("automation.menu.remove_all.hint")}</p>
        <div className="form-end">
          <Button variant="default" onClick={() => setAsked(null)} data-autofocus>
            {t("action.cancel")}
          </Button>
          <Button color="red" onClick={() => void remove()}>
            {t("automation.menu.remove_all")}
          </Button>
        </div>
      </Modal>
    </>
  );
}

/** What phones show now, as WeChat says it. */
function LiveLine({ menu }: { menu: ChannelMenu }) {
  const { t } = useTranslation();
  const asked = menu.code ? messageReason(menu.code) : "";
  const words = {
    ok: menu.published_at
      ? t("automation.menu.live", { time: fullTime(menu.published_at) })
      : t("automation.menu.live_other"),
    none: t("automation.menu.live_none"),
    denied: t("automation.denied", { reason: menu.code ?? "" }),
    failed: t("automation.failed", { reason: asked }),
  };
  return (
    <p className="verify" data-ok={menu.state === "ok"} data-testid="menu-live">
      <Icon name={menu.state === "ok" ? "check" : menu.state === "none" ? "clock" : "alert"} />
      {words[menu.state]}
    </p>
  );
}

function SavingLine({
  saving,
  onRetry,
  onReload,
}: {
  saving: "saved" | "saving" | "failed" | "conflict";
  onRetry: () => void;
  onReload: () => void;
}) {
  const { t } = useTranslation();
  const again = saving === "failed" ? onRetry : saving === "conflict" ? onReload : null;
  return (
    <span className="menu-saving small" data-state={saving} role="status" data-testid="menu-saving">
      {t(`automation.saving.${saving}`)}
      {again && (
        <Button variant="subtle" size="compact-xs" onClick={again}>
          {t(saving === "failed" ? "action.retry" : "automation.reload")}
        </Button>
      )}
    </span>
  );
}

function Refused({ failure }: { failure: ApiError }) {
  const { t } = useTranslation();
  const wrong = Object.keys(failure.fields).length > 0;
  const reason = failure.reason ? messageReason(failure.reason) : failure.code;
  const words =
    failure.code === "changed_meanwhile"
      ? t("automation.saving.conflict")
      : wrong
        ? t("automation.menu.wrong")
        : t("automation.menu.not_published", { reason });
  return (
    <p className="verify" role="alert" data-testid="menu-refused">
      <Icon name="alert" />
      {words}
    </p>
  );
}
