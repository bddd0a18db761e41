/** In which order the list stands, as a menu. */
import { Menu } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "../../components/Icon";
import { type MenuTrigger, TriggerButton } from "../../components/OnDemand";
import { useChangeList } from "./useChangeList";

export const sorts = ["recent", "oldest_waiting", "expiring"] as const;

export function SortItems({ trigger }: { trigger: MenuTrigger }) {
  const { t } = useTranslation();
  const { sort = "recent" } = useSearch({ from: "/desk/inbox" });
  const changeList = useChangeList();
  return (
    <Menu position="bottom-end" defaultOpened>
      <Menu.Target>
        <TriggerButton {...trigger} />
      </Menu.Target>
      <Menu.Dropdown>
        {sorts.map((one) => (
          <Menu.Item
            key={one}
            aria-current={one === sort ? "true" : undefined}
            rightSection={one === sort ? <Icon name="check" size={16} /> : null}
            data-testid={`sort-${one}`}
            onClick={() => changeList({ sort: one === "recent" ? undefined : one })}
          >
            {t(`sort.${one}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
