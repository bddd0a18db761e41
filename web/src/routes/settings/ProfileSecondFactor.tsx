/** The own second factor: set up, renew the recovery codes, switch off. */
import { Button, Modal, PasswordInput, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import type { SecondFactor } from "../../api/types";
import { ErrorNotice } from "../../components/Notice";
import { say } from "../../components/toasts";
import { useForm } from "../../components/useForm";
import { fullTime } from "../../format/time";
import { errorText } from "../../i18n/words";
import { RecoveryCodes } from "./RecoveryCodes";
import { SecondFactorSetUp } from "./SecondFactorSetUp";
import "./secondFactor.css";

type Doing = "nothing" | "set-up" | "off" | "renew";

export function ProfileSecondFactor() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [doing, setDoing] = useState<Doing>("nothing");
  const factor = useQuery({
    queryKey: keys.mySecondFactor,
    queryFn: ({ signal }) => api.get<SecondFactor>("/me/second-factor", undefined, signal),
  });
  const done = () => {
    setDoing("nothing");
    // Where everybody needs one, switching it off leads to setting up another.
    return client.invalidateQueries({ queryKey: keys.me });
  };
  return (
    <section className="form">
      <h2 className="form-section">{t("second_factor.title")}</h2>
      {factor.isPending && <Skeleton height={72} radius={10} />}
      {factor.isError && <ErrorNotice error={factor.error} onRetry={() => void factor.refetch()} />}
      {factor.data && doing === "set-up" && (
        <SecondFactorSetUp onDone={() => void done()} onCancel={() => void done()} />
      )}
      {factor.data && doing !== "set-up" && <State factor={factor.data} onDo={setDoing} />}
      <AskPassword doing={doing} onClose={() => void done()} />
    </section>
  );
}

function State({ factor, onDo }: { factor: SecondFactor; onDo: (doing: Doing) => void }) {
  const { t } = useTranslation();
  if (!factor.on_since) {
    return (
      <>
        <span className="small dim">{t("second_factor.hint")}</span>
        <div>
          <Button variant="default" onClick={() => onDo("set-up")} data-testid="factor-begin">
            {t("second_factor.begin")}
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <span data-testid="factor-state">
        {t("second_factor.on_since", { time: fullTime(factor.on_since) })}
      </span>
      <span className="small dim">
        {t("second_factor.left", { count: factor.recovery_codes_left })}
      </span>
      <div className="factor-actions">
        <Button variant="default" onClick={() => onDo("renew")}>
          {t("second_factor.renew")}
        </Button>
        <Button variant="default" onClick={() => onDo("off")} data-testid="factor-off">
          {t("second_factor.switch_off")}
        </Button>
      </div>
    </>
  );
}

function AskPassword({ doing, onClose }: { doing: Doing; onClose: () => void }) {
  const { t } = useTranslation();
  const [codes, setCodes] = useState<string[] | null>(null);
  const close = () => {
    setCodes(null);
    onClose();
  };
  const asks = doing === "off" || doing === "renew";
  return (
    <Modal
      opened={asks}
      onClose={close}
      title={doing === "renew" ? t("second_factor.renew") : t("second_factor.switch_off")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {codes && <RecoveryCodes codes={codes} onDone={close} />}
      {asks && !codes && <PasswordForm doing={doing} onCodes={setCodes} onClose={close} />}
    </Modal>
  );
}

interface FormProps {
  doing: "off" | "renew";
  onCodes: (codes: string[]) => void;
  onClose: () => void;
}

function PasswordForm({ doing, onCodes, onClose }: FormProps) {
  const { t } = useTranslation();
  const form = useForm(
    { password: "" },
    ({ password }) => (password === "" ? ["password"] : []),
    async (values) => {
      if (doing === "renew") {
        const path = "/me/second-factor/recovery-codes";
        onCodes((await api.post<{ recovery_codes: string[] }>(path, values)).recovery_codes);
      } else {
        await api.post("/me/second-factor/disable", values);
        say(t("second_factor.off_now"));
        onClose();
      }
    },
  );
  return (
    <form className="form" ref={form.ref} onSubmit={form.submit} noValidate>
      <span>{t(`second_factor.${doing}.hint`)}</span>
      {form.failure && (
        <p className="signin-said" role="alert">
          {errorText(form.failure)}
        </p>
      )}
      <PasswordInput
        label={t("profile.password.current")}
        autoComplete="current-password"
        data-autofocus
        visibilityToggleButtonProps={{ "aria-label": t("signin.show_password") }}
        value={form.values.password}
        error={form.problems.password}
        onChange={(event) => form.set("password", event.currentTarget.value)}
      />
      <div className="form-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button
          type="submit"
          color={doing === "off" ? "red" : undefined}
          loading={form.busy}
          data-testid="confirm"
        >
          {t(`second_factor.${doing}.confirm`)}
        </Button>
      </div>
    </form>
  );
}
