/** The way in through the organisation's identity provider, where there is one. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { LoginOptions } from "../../api/types";

export function SsoButton({ next }: { next?: string }) {
  const { t } = useTranslation();
  const options = useQuery({
    queryKey: ["login-options"],
    queryFn: () => api.get<LoginOptions>("/login/options"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const sso = options.data?.sso;
  if (!sso) return null;
  const query = next ? `?${new URLSearchParams({ next })}` : "";
  return (
    <>
      <div className="signin-or">{t("signin.or")}</div>
      <Button
        component="a"
        href={`/api/v1/login/sso${query}`}
        variant="default"
        size="md"
        fullWidth
        data-testid="sso"
      >
        {t("signin.sso", { name: sso })}
      </Button>
    </>
  );
}
