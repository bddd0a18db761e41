/** A picture of a thread in full size. */
import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { mediaUrl } from "../../api/client";
import type { Media } from "../../api/types";
import { Download } from "./Download";

interface Props {
  media: Media;
  opened: boolean;
  onClose: () => void;
}

export function PictureViewer({ media, opened, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="auto"
      title={<Download media={media} />}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <div className="viewer">
        <img src={mediaUrl(media.id)} alt={t("media.image")} />
      </div>
    </Modal>
  );
}
