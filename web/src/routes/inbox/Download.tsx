/** The way to keep a file of a thread. */
import { VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { mediaUrl } from "../../api/client";
import type { Media } from "../../api/types";
import { Icon } from "../../components/Icon";
import { bytes } from "../../format/time";

export function Download({ media }: { media: Media }) {
  const { t } = useTranslation();
  return (
    <a className="download" href={mediaUrl(media.id)} download title={t("action.download")}>
      <Icon name="download" size={14} />
      <VisuallyHidden>{t("action.download")}</VisuallyHidden>
      {media.bytes !== null && bytes(media.bytes)}
    </a>
  );
}
