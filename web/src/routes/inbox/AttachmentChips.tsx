/** The files of a draft, and those still being uploaded or refused. */
import { Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { mediaUrl } from "../../api/client";
import { Icon, type IconName } from "../../components/Icon";
import { bytes, fullTime, playLength } from "../../format/time";
import type { DraftAttachment } from "../../outbox/drafts";
import { lengthWarning } from "../../outbox/fileRules";
import { ShrinkOffer } from "./attach/ShrinkOffer";
import type { Upload, useUploads } from "./useUploads";

type Files = ReturnType<typeof useUploads>;

interface Props {
  attachments: DraftAttachment[];
  files: Pick<Files, "uploads" | "replace" | "asLink" | "retry" | "drop">;
  onRemove: (id: string) => void;
}

const icons: Partial<Record<DraftAttachment["kind"], IconName>> = {
  video: "play",
  voice: "mic",
  file: "link",
};

export function AttachmentChips({ attachments, files, onRemove }: Props) {
  if (attachments.length === 0 && files.uploads.length === 0) return null;
  return (
    <div className="chips">
      {attachments.map((file) => (
        <AttachmentChip key={file.id} file={file} onRemove={() => onRemove(file.id)} />
      ))}
      {files.uploads.map((one) =>
        one.problem === null ? (
          <UploadChip key={one.key} upload={one} onDrop={() => files.drop(one.key)} />
        ) : (
          <ShrinkOffer
            key={one.key}
            upload={one}
            onReplace={(file) => files.replace(one.key, file)}
            onLink={() => files.asLink(one)}
            onRetry={() => files.retry(one)}
            onDrop={() => files.drop(one.key)}
          />
        ),
      )}
    </div>
  );
}

function Remove({ name, onClick }: { name: string; onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" aria-label={t("composer.remove_attachment", { name })} onClick={onClick}>
      <Icon name="close" size={14} />
    </button>
  );
}

function AttachmentChip({ file, onRemove }: { file: DraftAttachment; onRemove: () => void }) {
  const warning = lengthWarning(file.duration_ms);
  return (
    <>
      <span className="file-chip" data-testid="attachment" data-kind={file.kind}>
        {file.kind === "image" ? (
          <img src={mediaUrl(file.id)} alt="" />
        ) : (
          <Icon name={icons[file.kind] ?? "file"} size={16} />
        )}
        <span className="one-line">{file.name}</span>
        <span className="dim tabular">
          {file.duration_ms ? `${playLength(file.duration_ms)} · ` : ""}
          {bytes(file.bytes)}
        </span>
        <Remove name={file.name} onClick={onRemove} />
      </span>
      {warning && (
        <span className="chip-note" data-tone="warn" role="status">
          {warning}
        </span>
      )}
      {file.link && <LinkNote file={file} link={file.link} />}
    </>
  );
}

/** What the customer will get, until when, and whether they can reach it at all. */
function LinkNote({
  file,
  link,
}: {
  file: DraftAttachment;
  link: NonNullable<DraftAttachment["link"]>;
}) {
  const { t } = useTranslation();
  return (
    <span className="chip-note" data-testid="link-note">
      {t("filelink.what", { until: fullTime(link.expires_at) })}
      <span className="link-preview">{file.text}</span>
      {!link.reachable && (
        <span data-tone="warn" className="chip-warn" role="status">
          <Icon name="alert" size={14} /> {t("filelink.unreachable")}
        </span>
      )}
    </span>
  );
}

function UploadChip({ upload, onDrop }: { upload: Upload; onDrop: () => void }) {
  const { t } = useTranslation();
  return (
    <span className="file-chip">
      <Loader size={14} />
      <span className="one-line">
        <b>{upload.name}</b> · {t("composer.uploading")}
      </span>
      <Remove name={upload.name} onClick={onDrop} />
    </span>
  );
}
