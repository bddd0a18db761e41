/** Writes a link card or a mini-program card, with what the customer will see beside it. */
import { Button, FileButton, Modal, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RefusalOf } from "../../../api/canSend";
import { api, asApiError } from "../../../api/client";
import type { Attachment, Conversation } from "../../../api/types";
import { Icon } from "../../../components/Icon";
import { sayError } from "../../../components/toasts";
import { useDeskNow } from "../../../format/deskClock";
import { randomId } from "../../../format/random";
import { fieldErrorText } from "../../../i18n/words";
import { useOutbox } from "../../../outbox/OutboxProvider";
import { useOutgoing } from "../../../outbox/outbox";
import { costWords, lastMessage } from "../allowance";
import { costOf } from "../cost";
import {
  type CardData,
  type CardKind,
  cardProblem,
  fieldsOf,
  keepLastProgram,
  PICTURE_MAX,
  readLastProgram,
} from "./cards";
import { shrink } from "./shrink";

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

/** A picture small enough for a card: JPEG and PNG as they are, everything else made to fit. */
async function cardPicture(file: File): Promise<File> {
  const fits = /^image\/(jpeg|png)$/.test(file.type) && file.size <= PICTURE_MAX;
  return fits ? file : (await shrink(file, PICTURE_MAX)).file;
}

function usePicture() {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [preview, setPreview] = useState("");
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (!file) return setPreview("");
    const url = URL.createObjectURL(file);
    setPreview(url);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  const choose = (chosen: File | null) => {
    setProblem("");
    if (chosen) cardPicture(chosen).then(setFile, () => setProblem(t("attach.unreadable")));
  };
  return { file, preview, problem, choose };
}

type FormProps = Omit<Props, "opened">;

function CardForm({ kind, conversation, refusal, onClose }: FormProps) {
  const { t } = useTranslation();
  const outbox = useOutbox();
  const [data, setData] = useState<CardData>(() =>
    kind === "miniprogram" ? readLastProgram(conversation.channel_id) : {},
  );
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const picture = usePicture();
  const names = fieldsOf[kind];
  const problemOf = (name: string) => cardProblem(name, data[name] ?? "");

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (refusal) return;
    setTried(true);
    const wrong = names.find((name) => problemOf(name));
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
          data: Object.fromEntries(names.map((name) => [name, (data[name] ?? "").trim()])),
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
      {names.map((name, index) => {
        const code = tried ? problemOf(name) : null;
        return (
          <TextInput
            key={name}
            id={`card-${name}`}
            label={t(`card.${name}`)}
            description={code ? undefined : t(`card.${name}.hint`, { defaultValue: "" })}
            error={code && fieldErrorText(code)}
            value={data[name] ?? ""}
            data-autofocus={index === 0 || undefined}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setData((old) => ({ ...old, [name]: value }));
            }}
            data-testid={`card-${name}`}
          />
        );
      })}
      <div className="card-picture">
        <FileButton onChange={picture.choose} accept="image/*">
          {(props) => (
            <Button {...props} size="compact-sm" variant="default">
              {t(picture.file ? "card.other_picture" : "card.picture")}
            </Button>
          )}
        </FileButton>
        <span className="small dim">{picture.problem || t("card.picture.hint")}</span>
      </div>
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

interface PreviewProps {
  kind: CardKind;
  data: CardData;
  picture: string;
}

function CardPreview({ kind, data, picture }: PreviewProps) {
  const { t } = useTranslation();
  const image = picture ? (
    <img src={picture} alt="" />
  ) : (
    <span className="card-blank">
      <Icon name={kind === "link" ? "link" : "app"} size={20} />
    </span>
  );
  const title = data.title?.trim() || t("card.title");
  const host = URL.canParse(data.url ?? "") ? new URL(data.url ?? "").hostname : "";
  return (
    <div className="card-preview" data-kind={kind} data-testid="card-preview">
      <b>{title}</b>
      <div>
        {kind === "link" && <span className="dim">{data.description?.trim() || host}</span>}
        {image}
      </div>
      {kind === "miniprogram" && <span className="small dim">{t("media.miniprogram")}</span>}
    </div>
  );
}
