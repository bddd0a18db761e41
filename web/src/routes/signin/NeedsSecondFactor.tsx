/** Everybody needs a second factor at this desk: set up here, before anything else. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { Outside } from "../firstrun/Outside";
import { SecondFactorSetUp } from "../settings/SecondFactorSetUp";

export function NeedsSecondFactor() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { history } = useRouter();
  const { next } = useSearch({ from: "/second-factor" });
  useEffect(() => {
    document.title = `${t("second_factor.needed")} · Kefu`;
  }, [t]);
  const goOn = () => {
    client.clear();
    if (next?.startsWith("/") && !next.startsWith("//")) history.push(next);
    else void navigate({ to: "/inbox", search: { view: "mine" } });
  };
  const leave = async () => {
    await api.delete("/login").catch(() => {});
    client.clear();
    await navigate({ to: "/signin" });
  };
  return (
    <Outside wide>
      <div className="outside-said">
        <h2>{t("second_factor.needed")}</h2>
        <p>{t("second_factor.needed.hint")}</p>
      </div>
      <SecondFactorSetUp onDone={goOn} />
      <Button variant="subtle" onClick={() => void leave()}>
        {t("second_factor.leave")}
      </Button>
    </Outside>
  );
}
