/** An empty view says what will appear here and offers the next step. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { channelsQuery, useMay, useMe } from "../../api/directory";
import { countsQuery } from "../../api/inbox";
import { Notice } from "../../components/Notice";
import type { InboxSearch } from "../../router";

export function EmptyList({ search }: { search: InboxSearch }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate({ from: "/inbox" });
  const maySetUp = useMay("channels.manage");
  const counts = useQuery(countsQuery).data;
  const channels = useQuery(channelsQuery(false));

  if (search.q || search.channel || search.responded !== undefined) {
    return (
      <Notice icon="search" title={t("list.empty.filtered")} hint={t("list.empty.filtered.hint")}>
        <Button
          variant="default"
          onClick={() => void navigate({ to: ".", search: { view: search.view } })}
        >
          {t("action.clear")}
        </Button>
      </Notice>
    );
  }
  if (channels.isSuccess && channels.data.length === 0 && maySetUp) {
    return (
      <Notice icon="chat" title={t("list.empty.no_channel")} hint={t("list.empty.no_channel.hint")}>
        <Button component={Link} to="/settings/channels/wechat/new">
          {t("channels.create")}
        </Button>
      </Notice>
    );
  }
  if (channels.isSuccess && channels.data.length === 0 && me.role !== "supervisor") {
    const hint = t("list.empty.no_association.hint");
    return <Notice icon="link" title={t("list.empty.no_association")} hint={hint} />;
  }
  const icon = search.view === "ended" ? "done" : "inbox";
  return (
    <Notice
      icon={icon}
      title={t(`list.empty.${search.view}`)}
      hint={t(`list.empty.${search.view}.hint`)}
    >
      {search.view === "mine" && counts && counts.unassigned > 0 && (
        <Button component={Link} to={"/inbox?view=unassigned" as "/inbox"}>
          {t("list.empty.mine.step", { count: counts.unassigned })}
        </Button>
      )}
    </Notice>
  );
}
