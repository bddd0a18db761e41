/** Makes or changes one automatic answer, with the bubble a customer will see beside it. */
import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, asApiError } from "../../../../api/client";
import { Choice } from "../../../../components/Choice";
import { say } from "../../../../components/toasts";
import { errorText, fieldErrorText } from "../../../../i18n/words";
import { byteLength, MAX_TEXT_BYTES } from "../../../../outbox/split";
import { type Answer, type AnswerIn, answersQuery, type Occasion } from "./automationApi";
import { ContentBubble } from "./ContentBubble";

export type Asked = { answer: Answer } | { occasion: Occasion } | null;

interface Props {
  channelId: string;
  asked: Asked;
  onClose: () => void;
}

const KEYWORD_CHARS = 30;

function begin(asked: Asked): AnswerIn {
  if (asked && "answer" in asked) {
    const { occasion, keyword, match_rule, kind, text, data } = asked.answer;
    return { occasion, keyword, match_rule, kind, text, data };
  }
  const occasion = asked?.occasion ?? "keyword";
  return { occasion, keyword: "", match_rule: "contains", kind: "text", text: "", data: {} };
}

export function AnswerDialog({ channelId, asked, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState<AnswerIn>(() => begin(asked));
  const [fields, setFields] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const existing = asked && "answer" in asked ? asked.answer : null;
  useEffect(() => {
    if (!asked) return;
    setForm(begin(asked));
    setFields({});
    setProblem("");
  }, [asked]);

  const set = (change: Partial<AnswerIn>) => {
    setForm((old) => ({ ...old, ...change }));
    setFields({});
    setProblem("");
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const path = `/channels/${channelId}/automatic-answers`;
    try {
      if (existing)
        await api.patch(`${path}/${existing.id}`, { ...form, version: existing.version });
      else await api.post(path, form);
      await client.invalidateQueries({ queryKey: answersQuery(channelId).queryKey });
      say(t("automation.answer.saved"));
      onClose();
    } catch (error) {
      const failure = asApiError(error);
      setFields(failure.fields);
      setProblem(
        Object.keys(failure.fields).length > 0 && !failure.fields.occasion
          ? ""
          : failure.fields.occasion
            ? fieldErrorText(failure.fields.occasion)
            : errorText(failure),
      );
    } finally {
      setBusy(false);
    }
  };
  const wrong = (name: string) => (fields[name] ? fieldErrorText(fields[name]) : undefined);
  const occasion = form.occasion ?? "keyword";
  return (
    <Modal
      opened={asked !== null}
      onClose={onClose}
      size="lg"
      title={t(existing ? "automation.answer.edit" : "automation.answer.add", {
        occasion: t(`automation.occasion.${occasion}`),
      })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit} noValidate className="form">
        <p className="dim" style={{ margin: 0, lineHeight: 1.6 }}>
          {t(`automation.occasion.${occasion}.hint`)}
        </p>
        {occasion === "keyword" && (
          <div className="answer-word">
            <TextInput
              label={t("automation.answer.keyword")}
              description={t("automation.answer.keyword_hint")}
              value={form.keyword ?? ""}
              maxLength={KEYWORD_CHARS}
              error={wrong("keyword")}
              onChange={(event) => set({ keyword: event.currentTarget.value })}
              data-autofocus
              data-testid="answer-keyword"
            />
            <Choice
              label={t("automation.answer.match")}
              options={(["contains", "equals"] as const).map((value) => ({
                value,
                label: t(`automation.match.${value}`),
              }))}
              value={form.match_rule ?? "contains"}
              onChoose={(match_rule) => set({ match_rule })}
            />
          </div>
        )}
        {occasion === "menu_click" && (
          <TextInput
            label={t("automation.menu.key")}
            value={form.keyword ?? ""}
            error={wrong("keyword")}
            onChange={(event) => set({ keyword: event.currentTarget.value })}
          />
        )}
        <Content form={form} set={set} wrong={wrong} />
        <div>
          <div className="dim small">{t("automation.answer.preview")}</div>
          <div className="phone-preview">
            <ContentBubble answer={form} />
          </div>
        </div>
        {problem && (
          <p className="form-problem" role="alert">
            {problem}
          </p>
        )}
        <div className="form-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={busy} data-testid="save-answer">
            {t("action.save")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface ContentProps {
  form: AnswerIn;
  set: (change: Partial<AnswerIn>) => void;
  wrong: (name: string) => string | undefined;
}

/** Files come from the account's own library: their ids are copied when replies are taken over. */
function Content({ form, set, wrong }: ContentProps) {
  const { t } = useTranslation();
  const kind = form.kind ?? "text";
  const kinds = (["text", "news", "image", "voice", "video"] as const).filter(
    (one) => one === "text" || one === "news" || one === kind,
  );
  const data = form.data ?? {};
  const line = (name: keyof typeof data, label: string) => (
    <TextInput
      label={label}
      value={data[name] ?? ""}
      error={wrong(name)}
      onChange={(event) => set({ data: { ...data, [name]: event.currentTarget.value } })}
    />
  );
  const used = byteLength(form.text ?? "");
  return (
    <>
      <Choice
        label={t("automation.answer.kind")}
        options={kinds.map((value) => ({ value, label: t(`automation.content.${value}`) }))}
        value={kind}
        onChoose={(next) => set({ kind: next })}
      />
      {kind === "text" && (
        <Textarea
          label={t("automation.menu.text")}
          description={t("automation.bytes", { used, most: MAX_TEXT_BYTES })}
          value={form.text ?? ""}
          error={wrong("text") ?? (used > MAX_TEXT_BYTES ? t("field_error.too_long") : undefined)}
          autosize
          minRows={3}
          maxRows={10}
          onChange={(event) => set({ text: event.currentTarget.value })}
          data-testid="answer-text"
        />
      )}
      {kind === "news" && (
        <>
          {line("title", t("automation.answer.article_title"))}
          {line("description", t("automation.answer.article_description"))}
          {line("url", t("automation.menu.url"))}
          {line("picture_url", t("automation.answer.article_picture"))}
        </>
      )}
      {(kind === "image" || kind === "voice" || kind === "video") &&
        line("media_id", t("automation.answer.media_id"))}
    </>
  );
}
