/** One channel: how far its connection has come, what has to be entered at WeChat, what is known of the account. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "../../api/directory";
import type { Channel } from "../../api/types";
import { ChannelDetailsAccount } from "./ChannelDetailsAccount";
import { ChannelDetailsSteps } from "./ChannelDetailsSteps";
import { AllowanceCard } from "./channel/AllowanceCard";
import { ChannelPage } from "./channel/ChannelPage";

export function ChannelDetails() {
  const manages = useMay("channels.manage");
  return (
    <ChannelPage
      action={(channel) => manages && channel.state !== "deleted" && <EditButton id={channel.id} />}
    >
      {(channel: Channel) => (
        <>
          {channel.state !== "deleted" && <ChannelDetailsSteps channel={channel} />}
          <AllowanceCard channel={channel} />
          <ChannelDetailsAccount channel={channel} />
        </>
      )}
    </ChannelPage>
  );
}

function EditButton({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Button
      variant="default"
      component={Link}
      to={`/settings/channels/wechat/${id}/edit` as "/settings"}
    >
      {t("action.edit")}
    </Button>
  );
}
