/** How a phone gets to the account: the place of its QR code on the details page. */
import { useTranslation } from "react-i18next";
import type { Channel } from "../../../api/types";

export function ChannelQrPlace({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  // The QR code of the account belongs here: <ChannelQr channel={channel} />.
  return (
    <p className="dim" data-channel={channel.id}>
      {t("connect.hello.without_qr")}
    </p>
  );
}
