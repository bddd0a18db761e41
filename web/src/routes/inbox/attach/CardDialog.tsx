/** Writes a link card or a mini-program card, with what the customer will see beside it. */
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RefusalOf } from "../../../api/canSend";
import { api, asApiError } from "../../../api/client";
import type { Attachment, CardPreset, Conversation } from "../../../api/types";
import { sayError } from "../../../components/toasts";
import { useDeskNow } from "../../../format/deskClock";
import { randomId } from "../../../format/random";
import { useOutbox } from "../../../outbox/OutboxProvider";
import { useOutgoing } from "../../../outbox/outbox";
import { costWords, lastMessage } from "../allowance";
import { costOf } from "../cost";
import {
  CardFields,
  CardPreview,
  PictureButton,
  trimmed,
  usePicture,
  wrongField,
} from "./CardParts";
import {
  type CardData,
  type CardKind,
  keepLastProgram,
  presetData,
  presetsQuery,
  readLastProgram,
} from "./cards";
import { PresetChoice } from "./PresetChoice";

interface Props {
  kind: CardKind;
  conversation: Conversation;
  /** Why it cannot be sent now: the window may close while it is written. */
  refusal: ReturnType<RefusalOf>;
  opened: boolean;
  onClose: () => void;
}

export function CardDialog({ kind, conversation, refusal, opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t(`insert.${kind}`)}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <CardForm kind={kind} conversation={conversation} refusal={refusal} onClose={onClose} />
    </Modal>
  );
}

/** The picture of a preset becomes an upload of one's own: the preset may change or go. */
async function pictureOf(preset: CardPreset): Promise<File | null> {
  if (!preset.picture_url) return null;
  const response = await fetch(preset.picture_url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`picture: ${response.status}`);
  const blob = await response.blob();
  return new File([blob], blob.type === "image/png" ? "card.png" : "card.jpg", { type: blob.type });
}

type FormProps = Omit<Props, "opened">;

function CardForm({ kind, conversation, refusal, onClose }: FormProps) {
  const { t } = useTranslation();
  const outbox = useOutbox();
  const presets = useQuery(presetsQuery(conversation.channel_id));
  const offered = (presets.data ?? []).filter((preset) => preset.kind === kind);
  const [taken, setTaken] = useState<string | null>(null);
  const [data, setData] = useState<CardData>(() =>
    kind === "miniprogram" ? readLastProgram(conversation.channel_id) : {},
  );
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const picture = usePicture();

  const take = async (preset: CardPreset) => {
    setTaken(preset.id);
    setTried(false);
    setData(presetData(preset));
    picture.setProblem("");
    picture.setFile(null);
    try {
      picture.setFile(await pictureOf(preset));
    } catch {
      picture.setProblem(t("card.preset.no_picture"));
    }
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (refusal) return;
    setTried(true);
    const wrong = wrongField(kind, data);
    if (wrong) return document.getElementById(`card-${wrong}`)?.focus();
    setBusy(true);
    try {
      const attachment = picture.file
        ? await api.upload<Attachment>("POST", "/attachments", picture.file, picture.file.name)
        : null;
      if (kind === "miniprogram") keepLastProgram(conversation.channel_id, data);
      outbox.add([
        {
          client_id: randomId(),
          conversation_id: conversation.id,
          created_at: new Date().toISOString(),
          kind,
          data: trimmed(kind, data),
          ...(attachment ? { attachment_id: attachment.id } : {}),
        },
      ]);
      onClose();
    } catch (error) {
      setBusy(false);
      sayError(asApiError(error), t("action.copy_details"));
    }
  };
  return (
    <form onSubmit={send} noValidate className="card-form">
      {offered.length > 0 && <PresetChoice presets={offered} taken={taken} onTake={take} />}
      <CardFields
        kind={kind}
        data={data}
        tried={tried}
        autoFocus
        onChange={(name, value) => setData((old) => ({ ...old, [name]: value }))}
      />
      <PictureButton
        chosen={picture.file !== null}
        problem={picture.problem}
        onChoose={picture.choose}
      />
      <span className="small dim">{t("card.preview")}</span>
      <CardPreview kind={kind} data={data} picture={picture.preview} />
      <div className="card-end">
        <CardCost conversation={conversation} refusal={refusal} />
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" loading={busy} disabled={refusal !== null} data-testid="card-send">
          {t("composer.send")}
        </Button>
      </div>
    </form>
  );
}

/** What the card costs, or why it cannot be sent. */
function CardCost({ conversation, refusal }: Pick<Props, "conversation" | "refusal">) {
  const { t } = useTranslation();
  const now = useDeskNow();
  const { reply } = conversation;
  const onTheWay = useOutgoing(useOutbox(), conversation.id);
  const { left } = costOf([], onTheWay, reply);
  const last = left !== null && left <= 1;
  const words = [
    t("card.cost"),
    last ? lastMessage(reply, now) : costWords({ left, parts: 1 }, reply),
  ];
  return (
    <span
      className="small dim card-cost"
      data-tone={refusal || last ? "warn" : undefined}
      data-testid="card-cost"
    >
      {refusal ? t(`error.${refusal}`) : words.filter(Boolean).join(" ")}
    </span>
  );
}
