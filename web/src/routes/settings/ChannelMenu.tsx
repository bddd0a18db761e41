/** Edit, disable or enable, delete: with a dialog for what cannot be taken back at once. */
import { Button, Menu, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { Channel } from "../../api/types";
import { Icon } from "../../components/Icon";
import { say, sayError } from "../../components/toasts";

type Step = "disable" | "delete";

function useChannelState(channel: Channel) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const path = `/channels/${channel.id}`;
  const calls = {
    enable: () => api.post(`${path}/enable`),
    disable: () => api.post(`${path}/disable`),
    delete: () => api.delete(path),
  };
  const done = {
    enable: t("channel.was_enabled"),
    disable: t("channel.was_disabled"),
    delete: t("channel.was_deleted"),
  };
  return useMutation({
    mutationFn: (step: keyof typeof calls) => calls[step](),
    onSuccess: (_, step) => say(done[step]),
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.channels }),
        client.invalidateQueries({ queryKey: ["conversation"] }),
        client.invalidateQueries({ queryKey: keys.lists }),
      ]),
  });
}

export function ChannelMenu({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Step | null>(null);
  const change = useChannelState(channel);
  if (channel.state === "deleted") return null;
  const active = channel.state === "active";
  return (
    <>
      <Menu width={200}>
        <Menu.Target>
          <button
            type="button"
            className="icon-button"
            aria-label={`${t("action.more")}: ${channel.name}`}
            data-testid="channel-menu"
          >
            <Icon name="more" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component={Link}
            to={`/settings/channels/wechat/${channel.id}/edit` as "/settings"}
          >
            {t("action.edit")}
          </Menu.Item>
          <Menu.Item onClick={() => (active ? setAsked("disable") : change.mutate("enable"))}>
            {t(active ? "channel.disable" : "channel.enable")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => setAsked("delete")}>
            {t("channel.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={asked && t(`channel.${asked}.title`, { name: channel.name })}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <p style={{ marginTop: 0, lineHeight: 1.6 }}>{asked && t(`channel.${asked}.hint`)}</p>
        <div className="form-end">
          <Button variant="default" onClick={() => setAsked(null)} data-autofocus>
            {t("action.cancel")}
          </Button>
          <Button
            color="red"
            loading={change.isPending}
            onClick={() => asked && change.mutate(asked, { onSettled: () => setAsked(null) })}
            data-testid="confirm"
          >
            {t(asked === "delete" ? "channel.delete.yes" : "channel.disable")}
          </Button>
        </div>
      </Modal>
    </>
  );
}
