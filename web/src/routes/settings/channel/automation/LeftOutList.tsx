/** What a take-over leaves out or changes, each with its reason. */
import { useTranslation } from "react-i18next";
import type { LeftOut } from "./automationApi";

export function LeftOutList({ left }: { left: LeftOut[] }) {
  const { t } = useTranslation();
  if (left.length === 0) return null;
  return (
    <div className="left-out" data-testid="left-out">
      <h4>{t("automation.left.title")}</h4>
      <ul>
        {left.map((one, index) => (
          <li key={index}>
            {t(`automation.occasion.${one.occasion}`)}
            {one.name && (
              <>
                {" · "}
                <bdi>{one.name}</bdi>
              </>
            )}
            <span className="dim small"> — {t(`automation.left.${one.reason}`)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
