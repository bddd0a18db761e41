/** Another administrator has saved this channel meanwhile: what changed, and that nothing typed here is lost. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNames } from "../../api/directory";
import type { Channel } from "../../api/types";
import { Icon } from "../../components/Icon";
import type { OtherChange } from "./channelMerge";
import { fieldLabel, fieldValue } from "./channelTexts";

interface Props {
  channel: Channel;
  changes: OtherChange[];
  onTake: () => void;
}

export function ChannelFormConflict({ channel, changes, onTake }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  const name = names.agent(channel.changed_by) || t("system.someone");
  return (
    <div className="form-notice" role="alert" data-testid="form-conflict">
      <Icon name="alert" />
      <div>
        <strong>{t("form.conflict", { name })}</strong>
        <ul>
          {changes.map((change) => (
            <li key={change.name}>
              {fieldLabel(change.name)}: {fieldValue(change.name, change.theirs, names)}
              {change.both && <span className="dim"> {t("form.conflict.both")}</span>}
            </li>
          ))}
        </ul>
        <p>{t("form.conflict.hint")}</p>
        <Button size="xs" onClick={onTake} data-testid="take-over">
          {t("form.conflict.take")}
        </Button>
      </div>
    </div>
  );
}
