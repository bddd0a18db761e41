/** Below a text that handed a file over: the file itself, until when the link works, and whether it was opened. */
import { useTranslation } from "react-i18next";
import { mediaUrl } from "../../api/client";
import type { Media } from "../../api/types";
import { Icon } from "../../components/Icon";
import { useDeskNow } from "../../format/deskClock";
import { bytes, preciseTime } from "../../format/time";

interface Props {
  media: Media;
  link: NonNullable<Media["link"]>;
}

export function LinkedFile({ media, link }: Props) {
  const { t } = useTranslation();
  const over = Date.parse(link.expires_at) <= useDeskNow().getTime();
  return (
    <div className="linked-file" data-testid="linked-file">
      <a className="linked-file-name" href={mediaUrl(media.id)} download>
        <Icon name="file" size={16} />
        <span className="one-line">{media.file_name || t("media.file")}</span>
        {media.bytes !== null && <span className="dim tabular">{bytes(media.bytes)}</span>}
      </a>
      <span className="small dim">
        {t(over ? "filelink.expired" : "filelink.until", { time: preciseTime(link.expires_at) })}
        {" · "}
        {link.first_opened_at
          ? t("filelink.opened", { time: preciseTime(link.first_opened_at) })
          : t("filelink.not_opened")}
      </span>
    </div>
  );
}
