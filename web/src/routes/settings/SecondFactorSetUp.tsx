/** Setting up the second factor: scan, type the first code, keep the recovery codes. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { SecondFactorBegun } from "../../api/types";
import { CopyButton } from "../../components/CopyButton";
import { ErrorNotice } from "../../components/Notice";
import { useForm } from "../../components/useForm";
import { errorText } from "../../i18n/words";
import { RecoveryCodes } from "./RecoveryCodes";
import "./secondFactor.css";

interface Props {
  onDone: () => void;
  onCancel?: () => void;
}

export function SecondFactorSetUp({ onDone, onCancel }: Props) {
  const [codes, setCodes] = useState<string[] | null>(null);
  const begin = useMutation({
    mutationFn: () => api.post<SecondFactorBegun>("/me/second-factor"),
  });
  const { mutate } = begin;
  useEffect(() => mutate(), [mutate]);
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  if (begin.isError) return <ErrorNotice error={begin.error} onRetry={() => mutate()} />;
  if (!begin.data) return null;
  return <Scan begun={begin.data} onCodes={setCodes} onCancel={onCancel} />;
}

interface ScanProps {
  begun: SecondFactorBegun;
  onCodes: (codes: string[]) => void;
  onCancel?: () => void;
}

function Scan({ begun, onCodes, onCancel }: ScanProps) {
  const { t } = useTranslation();
  const form = useForm(
    { code: "" },
    ({ code }) => (code.trim() === "" ? ["code"] : []),
    async (values) => {
      const confirmed = await api.post<{ recovery_codes: string[] }>(
        "/me/second-factor/confirm",
        values,
      );
      onCodes(confirmed.recovery_codes);
    },
  );
  return (
    <form className="form" ref={form.ref} onSubmit={form.submit} noValidate>
      {form.failure && (
        <p className="signin-said" role="alert">
          {errorText(form.failure)}
        </p>
      )}
      <h3 className="factor-step">{t("second_factor.scan")}</h3>
      <div className="factor-scan">
        <svg
          className="factor-qr"
          viewBox={`0 0 ${begun.qr_size} ${begun.qr_size}`}
          role="img"
          aria-label={t("second_factor.qr")}
          shapeRendering="crispEdges"
        >
          <path d={begun.qr_path} />
        </svg>
        <div className="factor-key">
          <span className="small dim">{t("second_factor.key")}</span>
          <code data-testid="factor-key">{begun.secret.match(/.{1,4}/g)?.join(" ")}</code>
          <div>
            <CopyButton text={begun.secret} />
          </div>
        </div>
      </div>
      <TextInput
        className="factor-code"
        label={t("second_factor.first_code")}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={16}
        value={form.values.code}
        error={form.problems.code}
        onChange={(event) => form.set("code", event.currentTarget.value)}
        data-testid="factor-code"
      />
      <div className="factor-actions">
        {onCancel && (
          <Button variant="default" onClick={onCancel}>
            {t("action.cancel")}
          </Button>
        )}
        <Button type="submit" loading={form.busy} data-testid="factor-on">
          {t("second_factor.switch_on")}
        </Button>
      </div>
    </form>
  );
}
