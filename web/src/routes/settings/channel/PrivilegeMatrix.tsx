/** What the account may do, and what it means for agents where it may not. */
import { useTranslation } from "react-i18next";
import type { AccountCapability } from "../../../api/types";
import { Icon } from "../../../components/Icon";

export function PrivilegeMatrix({ capabilities }: { capabilities: readonly AccountCapability[] }) {
  const { t } = useTranslation();
  if (capabilities.length === 0) return null;
  return (
    <section className="card" data-testid="privilege-matrix">
      <h2>{t("doctor.capabilities")}</h2>
      <p className="dim small">{t("doctor.capabilities.hint")}</p>
      <table className="doctor-matrix">
        <thead>
          <tr>
            <th>{t("doctor.column.capability")}</th>
            <th>{t("doctor.column.state")}</th>
            <th>{t("doctor.column.meaning")}</th>
          </tr>
        </thead>
        <tbody>
          {capabilities.map((one) => (
            <Privilege key={one.capability} one={one} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Privilege({ one }: { one: AccountCapability }) {
  const { t } = useTranslation();
  const denied = one.state === "denied";
  const state =
    denied && one.code
      ? t("doctor.capability_state.denied_code", { code: one.code })
      : t(`doctor.capability_state.${one.state}`);
  const tone = denied && !one.expected ? "by_kind" : one.state;
  return (
    <tr data-testid="privilege" data-capability={one.capability} data-state={one.state}>
      <th scope="row">{t(`doctor.capability.${one.capability}`)}</th>
      <td data-tone={tone}>
        <span className="doctor-state">
          <Icon name={one.state === "granted" ? "check" : denied ? "block" : "more"} size={16} />
          {state}
        </span>
      </td>
      <td>
        {denied && t(`doctor.without.${one.capability}`)}
        {denied && !one.expected && <span className="dim"> {t("doctor.by_kind")}</span>}
      </td>
    </tr>
  );
}
