/** The parts of a card's form, for sending one and for keeping one ready: its fields, its picture, what the customer sees. */
import { Button, FileButton, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../../components/Icon";
import { fieldErrorText } from "../../../i18n/words";
import { type CardData, type CardKind, cardProblem, fieldsOf, PICTURE_MAX } from "./cards";
import { shrink } from "./shrink";
import "./attach.css";

/** A picture small enough for a card: JPEG and PNG as they are, everything else made to fit. */
async function cardPicture(file: File): Promise<File> {
  const fits = /^image\/(jpeg|png)$/.test(file.type) && file.size <= PICTURE_MAX;
  return fits ? file : (await shrink(file, PICTURE_MAX)).file;
}

export function usePicture() {
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
  return { file, preview, problem, choose, setFile, setProblem };
}

interface FieldsProps {
  kind: CardKind;
  data: CardData;
  /** Whether what is wrong is shown: after the first try. */
  tried: boolean;
  /** What the desk found wrong, by field. */
  refused?: CardData;
  autoFocus?: boolean;
  onChange: (name: string, value: string) => void;
}

export function CardFields({ kind, data, tried, refused, autoFocus, onChange }: FieldsProps) {
  const { t } = useTranslation();
  return fieldsOf[kind].map((name, index) => {
    const code = (tried ? cardProblem(name, data[name] ?? "") : null) ?? refused?.[name];
    return (
      <TextInput
        key={name}
        id={`card-${name}`}
        label={t(`card.${name}`)}
        description={code ? undefined : t(`card.${name}.hint`, { defaultValue: "" })}
        error={code && fieldErrorText(code)}
        value={data[name] ?? ""}
        data-autofocus={(autoFocus && index === 0) || undefined}
        onChange={(event) => onChange(name, event.currentTarget.value)}
        data-testid={`card-${name}`}
      />
    );
  });
}

/** The first field that is wrong. */
export const wrongField = (kind: CardKind, data: CardData): string | undefined =>
  fieldsOf[kind].find((name) => cardProblem(name, data[name] ?? ""));

/** What is sent: the fields of this kind, without the blanks around them. */
export const trimmed = (kind: CardKind, data: CardData): CardData =>
  Object.fromEntries(fieldsOf[kind].map((name) => [name, (data[name] ?? "").trim()]));

interface PictureProps {
  chosen: boolean;
  problem: string;
  onChoose: (file: File | null) => void;
  children?: React.ReactNode;
}

export function PictureButton({ chosen, problem, onChoose, children }: PictureProps) {
  const { t } = useTranslation();
  return (
    <div className="card-picture">
      <FileButton onChange={onChoose} accept="image/*">
        {(props) => (
          <Button {...props} size="compact-sm" variant="default">
            {t(chosen ? "card.other_picture" : "card.picture")}
          </Button>
        )}
      </FileButton>
      {children}
      {problem ? (
        <span className="small field-error" role="alert">
          {problem}
        </span>
      ) : (
        <span className="small dim">{t("card.picture.hint")}</span>
      )}
    </div>
  );
}

interface PreviewProps {
  kind: CardKind;
  data: CardData;
  picture: string;
}

export function CardPreview({ kind, data, picture }: PreviewProps) {
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
