/** Makes or changes a card that is kept ready, with what the customer will see. */
import { Button, Modal, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, api, asApiError } from "../../../../api/client";
import { keys } from "../../../../api/keys";
import type { CardPreset } from "../../../../api/types";
import { say, sayError } from "../../../../components/toasts";
import { errorText, fieldErrorText } from "../../../../i18n/words";
import {
  CardFields,
  CardPreview,
  PictureButton,
  trimmed,
  usePicture,
  wrongField,
} from "../../../inbox/attach/CardParts";
import { type CardData, presetData } from "../../../inbox/attach/cards";
import type { Asked } from "./CardPresets";

interface Props {
  channelId: string;
  asked: Asked | null;
  onClose: () => void;
}

const NAME_CHARS = 100;

export function PresetDialog({ channelId, asked, onClose }: Props) {
  const { t } = useTranslation();
  const existing = asked && "preset" in asked ? asked.preset : null;
  const kind = existing?.kind ?? (asked && "kind" in asked ? asked.kind : null);
  return (
    <Modal
      opened={asked !== null}
      onClose={onClose}
      title={kind && t(existing ? "presets.edit" : `presets.add.${kind}`)}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {asked && <Form channelId={channelId} asked={asked} onClose={onClose} />}
    </Modal>
  );
}

/** The desk names fields of the card as `data.title`. */
const ofCard = (failure: ApiError | null): CardData =>
  Object.fromEntries(
    Object.entries(failure?.fields ?? {}).map(([name, code]) => [
      name.replace(/^data\./, ""),
      code,
    ]),
  );

function Form({ channelId, asked, onClose }: Props & { asked: Asked }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const preset = "preset" in asked ? asked.preset : null;
  const kind = "preset" in asked ? asked.preset.kind : asked.kind;
  const [name, setName] = useState(preset?.name ?? "");
  const [data, setData] = useState<CardData>(() => (preset ? presetData(preset) : {}));
  const [removed, setRemoved] = useState(false);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const picture = usePicture();
  const path = `/channels/${channelId}/card-presets`;
  const stored = removed ? null : (preset?.picture_url ?? null);
  const refused = ofCard(failure);
  const named = name.trim() !== "";
  const nameCode = tried && !named ? "required" : refused.name;

  const savePicture = async (id: string) => {
    const at = `${path}/${id}/picture`;
    if (picture.file) await api.upload("PUT", at, picture.file, picture.file.name);
    else if (removed && preset?.picture_url) await api.delete(at);
  };
  const save = async () => {
    const body = { name: name.trim(), data: trimmed(kind, data) };
    const saved = preset
      ? await api.patch<CardPreset>(`${path}/${preset.id}`, { ...body, version: preset.version })
      : await api.post<CardPreset>(path, { kind, ...body });
    // The card is kept; that its picture is not is said, and no reason to type it all again.
    await savePicture(saved.id).catch((error) => sayError(error, t("action.copy_details")));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const wrong = named ? wrongField(kind, data) : "preset";
    if (wrong) return document.getElementById(`card-${wrong}`)?.focus();
    setBusy(true);
    try {
      await save();
      say(t("presets.saved"));
      onClose();
    } catch (error) {
      setFailure(asApiError(error));
      setBusy(false);
    }
    await client.invalidateQueries({ queryKey: keys.cardPresets(channelId) });
  };
  return (
    <form onSubmit={submit} noValidate className="card-form" data-testid="preset-form">
      <TextInput
        id="card-preset"
        label={t("presets.name")}
        description={nameCode ? undefined : t("presets.name.hint")}
        error={nameCode && fieldErrorText(nameCode)}
        value={name}
        maxLength={NAME_CHARS}
        data-autofocus
        onChange={(event) => {
          setName(event.currentTarget.value);
          setFailure(null);
        }}
        data-testid="preset-name"
      />
      <CardFields
        kind={kind}
        data={data}
        tried={tried}
        refused={refused}
        onChange={(field, value) => {
          setData((old) => ({ ...old, [field]: value }));
          setFailure(null);
        }}
      />
      <PictureButton
        chosen={picture.file !== null || stored !== null}
        problem={picture.problem}
        onChoose={picture.choose}
      >
        {(picture.file || stored) && (
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => {
              picture.setFile(null);
              setRemoved(true);
            }}
          >
            {t("presets.no_picture")}
          </Button>
        )}
      </PictureButton>
      <span className="small dim">{t("card.preview")}</span>
      <CardPreview kind={kind} data={data} picture={picture.preview || stored || ""} />
      {failure && Object.keys(failure.fields).length === 0 && (
        <p className="preset-warning field-error" role="alert">
          {errorText(failure)}
        </p>
      )}
      <div className="card-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" loading={busy} data-testid="save-preset">
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}
