/** The buttons below a reply: attach, record, and what else can be put in. Refused kinds say why beside them. */
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { useCanSend } from "../../../api/canSend";
import type { Conversation } from "../../../api/types";
import { Icon } from "../../../components/Icon";
import { menuOnDemand, OnDemand } from "../../../components/OnDemand";
import { acceptedFiles } from "../../../outbox/fileRules";
import type { useUploads } from "../useUploads";
import type { CardKind } from "./cards";
import type { Insert } from "./InsertMenu";
import "./attach.css";

const InsertMenu = menuOnDemand(async () => (await import("./InsertMenu")).InsertMenu);
const RecordVideo = lazy(async () => ({ default: (await import("./RecordVideo")).RecordVideo }));
const CardDialog = lazy(async () => ({ default: (await import("./CardDialog")).CardDialog }));

interface Props {
  conversation: Conversation;
  rules: ReturnType<typeof useCanSend>;
  files: ReturnType<typeof useUploads>;
  recording: boolean;
  onRecord: () => void;
}

export function AttachTools({ conversation, rules, files, recording, onRecord }: Props) {
  const { t } = useTranslation();
  const picker = useRef<HTMLInputElement>(null);
  const any = useRef<HTMLInputElement>(null);
  const [filming, setFilming] = useState(false);
  const [card, setCard] = useState<CardKind | null>(null);
  const [last, setLast] = useState<CardKind>("link");
  const { refusalOf, fileLink } = rules;
  const insert = (what: Insert) => {
    if (what === "file") return any.current?.click();
    setLast(what);
    setCard(what);
  };
  return (
    <span className="attach-tools">
      <Tool label={t("composer.attach")} onClick={() => picker.current?.click()}>
        <Icon name="clip" size={20} />
      </Tool>
      <Tool
        label={t("record.start")}
        disabled={recording || refusalOf("voice") !== null}
        describedBy={refusalOf("voice") ? "kinds-refused" : undefined}
        onClick={onRecord}
        testId="record-start"
      >
        <Icon name="mic" size={20} />
      </Tool>
      <Tool
        label={t("film.start")}
        disabled={recording || refusalOf("video") !== null}
        describedBy={refusalOf("video") ? "kinds-refused" : undefined}
        onClick={() => setFilming(true)}
        testId="film-start"
      >
        <Icon name="camera" size={20} />
      </Tool>
      <InsertMenu
        trigger={{
          className: "icon-button",
          label: t("insert.more"),
          testId: "insert",
          children: <Icon name="plus" size={20} />,
        }}
        refusalOf={refusalOf}
        linkMax={fileLink?.limit_bytes ?? null}
        onInsert={insert}
      />
      <Picker
        inputRef={picker}
        accept={acceptedFiles((kind) => refusalOf(kind) === null)}
        testId="file-input"
        onFiles={files.add}
      />
      <Picker inputRef={any} testId="link-input" onFiles={files.addAsLink} />
      {filming && (
        <Suspense fallback={null}>
          <RecordVideo onDone={files.addRecording} onClose={() => setFilming(false)} />
        </Suspense>
      )}
      <OnDemand when={card !== null}>
        <CardDialog
          key={last}
          kind={last}
          conversation={conversation}
          refusal={refusalOf(last)}
          opened={card !== null}
          onClose={() => setCard(null)}
        />
      </OnDemand>
    </span>
  );
}

interface ToolProps {
  label: string;
  disabled?: boolean;
  describedBy?: string;
  testId?: string;
  onClick: () => void;
  children: ReactNode;
}

function Tool({ label, disabled, describedBy, testId, onClick, children }: ToolProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      disabled={disabled}
      aria-describedby={describedBy}
      onClick={onClick}
      data-testid={testId}
    >
      {children}
    </button>
  );
}

interface PickerProps {
  inputRef: React.Ref<HTMLInputElement>;
  accept?: string;
  testId: string;
  onFiles: (files: FileList) => void;
}

function Picker({ inputRef, accept, testId, onFiles }: PickerProps) {
  return (
    <input
      ref={inputRef}
      type="file"
      hidden
      multiple
      accept={accept}
      data-testid={testId}
      onChange={(event) => {
        if (event.currentTarget.files) onFiles(event.currentTarget.files);
        event.currentTarget.value = "";
      }}
    />
  );
}

/** Why voice and video are missing here, in words. */
export function RefusedKinds({ rules }: { rules: ReturnType<typeof useCanSend> }) {
  const { t } = useTranslation();
  const reasons = (["voice", "video"] as const).flatMap((kind) => {
    const refusal = rules.refusalOf(kind);
    return refusal ? [{ kind, refusal }] : [];
  });
  const first = reasons[0];
  if (!first) return null;
  const both = reasons.length === 2 && reasons.every(({ refusal }) => refusal === first.refusal);
  const lines = both ? [t(`error.${first.refusal}`)] : reasons.map(line);
  function line({ kind, refusal }: (typeof reasons)[number]) {
    return `${t(`media.${kind}`)}: ${t(`error.${refusal}`)}`;
  }
  return (
    <p className="composer-refused" id="kinds-refused" data-testid="kinds-refused">
      <Icon name="block" size={14} /> {lines.join(" ")}
    </p>
  );
}
