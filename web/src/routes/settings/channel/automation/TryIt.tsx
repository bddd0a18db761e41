/** A message to try: which answer would be given now, and why. Nothing is sent. */
import { Button, Checkbox, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, asApiError } from "../../../../api/client";
import { errorText } from "../../../../i18n/words";
import type { Answer } from "./automationApi";
import { ContentBubble } from "./ContentBubble";

export function TryIt({ channelId }: { channelId: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [first, setFirst] = useState(true);
  const [assigned, setAssigned] = useState(false);
  const tried = useMutation({
    mutationFn: () =>
      api.post<{ answer: Answer | null }>(`/channels/${channelId}/automatic-answers/try`, {
        text,
        first_of_ticket: first,
        assigned,
      }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    tried.mutate();
  };
  const answer = tried.data?.answer;
  return (
    <form className="try-it" onSubmit={submit} data-testid="try-it">
      <h3>{t("automation.try.title")}</h3>
      <div className="try-line">
        <TextInput
          aria-label={t("automation.try.text")}
          placeholder={t("automation.try.text")}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            tried.reset();
          }}
          data-testid="try-text"
        />
        <Button type="submit" variant="default" loading={tried.isPending} data-testid="try">
          {t("automation.try.go")}
        </Button>
      </div>
      <div className="try-when">
        <Checkbox
          label={t("automation.try.first")}
          checked={first}
          onChange={(event) => {
            setFirst(event.currentTarget.checked);
            tried.reset();
          }}
        />
        <Checkbox
          label={t("automation.try.assigned")}
          checked={assigned}
          onChange={(event) => {
            setAssigned(event.currentTarget.checked);
            tried.reset();
          }}
        />
      </div>
      {tried.isError && (
        <p className="form-problem" role="alert">
          {errorText(asApiError(tried.error))}
        </p>
      )}
      {tried.isSuccess && (
        <div role="status" data-testid="tried">
          <p className="small" style={{ margin: "4px 0" }}>
            {answer
              ? t(`automation.why.${answer.occasion}`, { keyword: answer.keyword ?? "" })
              : t("automation.why.nothing")}
          </p>
          {answer && (
            <div className="phone-preview">
              <ContentBubble answer={answer} />
            </div>
          )}
        </div>
      )}
    </form>
  );
}
