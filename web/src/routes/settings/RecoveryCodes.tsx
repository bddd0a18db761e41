/** Recovery codes, shown this once. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../components/CopyButton";

export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="form" data-testid="recovery-codes">
      <h3 className="factor-step">{t("second_factor.codes")}</h3>
      <span className="small dim">{t("second_factor.codes.hint")}</span>
      <ul className="factor-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="factor-actions">
        <CopyButton text={codes.join("\n")} size="sm" />
        <Button onClick={onDone} data-testid="codes-kept">
          {t("second_factor.codes.kept")}
        </Button>
      </div>
    </div>
  );
}
