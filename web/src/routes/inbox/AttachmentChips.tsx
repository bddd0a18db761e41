/** The files of a draft, and those still being uploaded or refused. */
import { Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { mediaUrl } from "../../api/client";
import { Icon } from "../../components/Icon";
import { bytes } from "../../format/time";
import type { DraftAttachment } from "../../outbox/drafts";
import type { Upload } from "./useUploads";

interface Props {
  attachments: DraftAttachment[];
  uploads: Upload[];
  onRemove: (id: string) => void;
  onDrop: (key: string) => void;
}

export function AttachmentChips({ attachments, uploads, onRemove, onDrop }: Props) {
  const { t } = useTranslation();
  if (attachments.length === 0 && uploads.length === 0) return null;
  const remove = (name: string, action: () => void) => (
    <button type="button" aria-label={t("composer.remove_attachment", { name })} onClick={action}>
      <Icon name="close" size={14} />
    </button>
  );
  return (
    <div className="chips">
      {attachments.map((file) => (
        <span className="file-chip" key={file.id} data-testid="attachment">
          {file.kind === "image" ? (
            <img src={mediaUrl(file.id)} alt="" />
          ) : (
            <Icon name={file.kind === "video" ? "play" : "file"} size={16} />
          )}
          <span className="one-line">{file.name}</span>
          <span className="dim tabular">{bytes(file.bytes)}</span>
          {remove(file.name, () => onRemove(file.id))}
        </span>
      ))}
      {uploads.map((one) => (
        <span
          className="file-chip"
          key={one.key}
          data-tone={one.problem ? "danger" : undefined}
          role={one.problem ? "alert" : undefined}
        >
          {one.problem ? <Icon name="alert" size={16} /> : <Loader size={14} />}
          <span className={one.problem ? undefined : "one-line"}>
            <b>{one.name}</b> · {one.problem ?? t("composer.uploading")}
          </span>
          {remove(one.name, () => onDrop(one.key))}
        </span>
      ))}
    </div>
  );
}
