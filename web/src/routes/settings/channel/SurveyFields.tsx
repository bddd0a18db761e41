/** How a channel asks its customers after a ticket: the possible answers, and a question of its own. */
import { Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../../api/types";
import { Choice } from "../../../components/Choice";

export const QUESTION_CHARS = 200;

interface Props {
  scale: Channel["survey_scale"];
  question: string;
  problem?: string;
  onScale: (scale: Channel["survey_scale"]) => void;
  onQuestion: (question: string) => void;
}

export function SurveyFields({ scale, question, problem, onScale, onQuestion }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Choice
        label={t("survey.scale")}
        description={t("survey.scale.hint")}
        options={(["one_to_five", "good_ok_bad"] as const).map((value) => ({
          value,
          label: t(`survey.scale.${value}`),
        }))}
        value={scale}
        onChoose={onScale}
        data-testid="field-survey_scale"
      />
      <Textarea
        name="survey_question"
        label={t("survey.question")}
        description={t("survey.question.hint", { count: QUESTION_CHARS })}
        placeholder={t("survey.question.default")}
        value={question}
        error={problem}
        maxLength={QUESTION_CHARS}
        inputWrapperOrder={["label", "input", "description", "error"]}
        autosize
        minRows={1}
        maxRows={4}
        onChange={(event) => onQuestion(event.currentTarget.value.replaceAll("\n", " "))}
        data-testid="field-survey_question"
      />
    </>
  );
}
