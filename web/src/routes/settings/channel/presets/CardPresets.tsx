/** The cards a channel keeps ready for its agents: list, add, change, delete. */
import { Button, Modal, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../../../api/client";
import { keys } from "../../../../api/keys";
import type { CardPreset, Channel } from "../../../../api/types";
import { Icon } from "../../../../components/Icon";
import { ErrorNotice, Notice } from "../../../../components/Notice";
import { say, sayError } from "../../../../components/toasts";
import { type CardKind, presetsQuery } from "../../../inbox/attach/cards";
import { ChannelPage } from "../ChannelPage";
import { PresetDialog } from "./PresetDialog";
import "./presets.css";

export type Asked = { preset: CardPreset } | { kind: CardKind };

export function CardPresets() {
  return <ChannelPage>{(channel) => <Presets key={channel.id} channel={channel} />}</ChannelPage>;
}

function AddButtons({ onAdd }: { onAdd: (kind: CardKind) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Button onClick={() => onAdd("miniprogram")} data-testid="add-miniprogram">
        {t("presets.add.miniprogram")}
      </Button>
      <Button variant="default" onClick={() => onAdd("link")} data-testid="add-link">
        {t("presets.add.link")}
      </Button>
    </>
  );
}

function Presets({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const list = useQuery(presetsQuery(channel.id));
  const [asked, setAsked] = useState<Asked | null>(null);
  const [deleted, setDeleted] = useState<CardPreset | null>(null);
  const presets = list.data ?? [];
  if (channel.state === "deleted") {
    return <Notice icon="block" title={t("presets.deleted_channel")} />;
  }
  const add = <AddButtons onAdd={(kind) => setAsked({ kind })} />;
  return (
    <section data-testid="presets">
      {list.isPending && <Skeleton height={160} radius={10} />}
      {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && presets.length === 0 && (
        <Notice icon="app" title={t("presets.empty")} hint={t("presets.hint")}>
          {add}
        </Notice>
      )}
      {presets.length > 0 && (
        <>
          <div className="presets-head">
            <p className="dim">{t("presets.hint")}</p>
            <div className="buttons">{add}</div>
          </div>
          <ul className="preset-list">
            {presets.map((preset) => (
              <PresetRow
                key={preset.id}
                preset={preset}
                onEdit={() => setAsked({ preset })}
                onDelete={() => setDeleted(preset)}
              />
            ))}
          </ul>
        </>
      )}
      <PresetDialog channelId={channel.id} asked={asked} onClose={() => setAsked(null)} />
      <DeleteDialog channelId={channel.id} preset={deleted} onClose={() => setDeleted(null)} />
    </section>
  );
}

interface RowProps {
  preset: CardPreset;
  onEdit: () => void;
  onDelete: () => void;
}

function PresetRow({ preset, onEdit, onDelete }: RowProps) {
  const { t } = useTranslation();
  const { data, kind } = preset;
  const place = kind === "link" ? data.url : `${data.app_id} · ${data.page_path}`;
  return (
    <li data-testid="preset-row">
      {preset.picture_url ? (
        <img src={preset.picture_url} alt="" width={48} height={48} />
      ) : (
        <span className="card-blank">
          <Icon name={kind === "link" ? "link" : "app"} size={20} />
        </span>
      )}
      <span className="preset-text">
        <b>{preset.name}</b>
        <span className="small dim"> · {t(`insert.${kind}`)}</span>
        <span className="one-line">{String(data.title)}</span>
        <bdi className="one-line small dim mono" title={String(place)}>
          {String(place)}
        </bdi>
      </span>
      <span className="row-actions">
        <Button variant="subtle" size="xs" onClick={onEdit}>
          {t("action.edit")}
        </Button>
        <Button
          variant="subtle"
          size="xs"
          color="red"
          onClick={onDelete}
          data-testid="delete-preset"
        >
          {t("presets.delete")}
        </Button>
      </span>
    </li>
  );
}

interface DeleteProps {
  channelId: string;
  preset: CardPreset | null;
  onClose: () => void;
}

function DeleteDialog({ channelId, preset, onClose }: DeleteProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: ({ id, version }: CardPreset) =>
      api.delete(`/channels/${channelId}/card-presets/${id}?version=${version}`),
    onSuccess: () => say(t("presets.was_deleted")),
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: () => {
      onClose();
      return client.invalidateQueries({ queryKey: keys.cardPresets(channelId) });
    },
  });
  return (
    <Modal
      opened={preset !== null}
      onClose={onClose}
      title={preset && t("presets.delete.title", { name: preset.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p className="preset-warning">{t("presets.delete.hint")}</p>
      <div className="form-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button
          color="red"
          loading={remove.isPending}
          onClick={() => preset && remove.mutate(preset)}
          data-testid="confirm"
        >
          {t("presets.delete")}
        </Button>
      </div>
    </Modal>
  );
}
