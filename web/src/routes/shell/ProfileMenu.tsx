/** Who is signed in, at top right. */
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/directory";
import { Avatar } from "../../components/Avatar";
import { menuOnDemand } from "../../components/OnDemand";

const Items = menuOnDemand<{ onShowKeys: () => void }>(
  async () => (await import("./ProfileItems")).ProfileItems,
);

export function ProfileMenu({ onShowKeys }: { onShowKeys: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const trigger = {
    className: "icon-button profile-button",
    label: t("profile.menu", { name: me.name }),
    testId: "profile",
    children: (
      <span className="profile-face">
        <Avatar id={me.id} name={me.name} size={30} picture={me.picture_url} />
        <span className="presence" data-state={me.availability} />
      </span>
    ),
  };
  return <Items trigger={trigger} onShowKeys={onShowKeys} />;
}
