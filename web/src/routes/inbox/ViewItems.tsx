/** The inbox's views as a menu, where the rail has no room for them. */
import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { countsQuery } from "../../api/inbox";
import { type MenuTrigger, TriggerButton } from "../../components/OnDemand";
import { shownViews, viewCount } from "./views";

export function ViewItems({ trigger }: { trigger: MenuTrigger }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const counts = useQuery(countsQuery).data;
  return (
    <Menu position="bottom-start" defaultOpened>
      <Menu.Target>
        <TriggerButton {...trigger} />
      </Menu.Target>
      <Menu.Dropdown>
        {shownViews(counts).map((view) => (
          <Menu.Item
            key={view}
            rightSection={<span className="dim tabular">{viewCount(counts, view)}</span>}
            onClick={() => void navigate({ to: "/inbox", search: { view } })}
          >
            {t(`view.${view}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
