/** Says under a bubble what the desk said by itself and why, and what of a survey a message is. */
import { useTranslation } from "react-i18next";
import type { Message } from "../../api/types";
import { Icon } from "../../components/Icon";

interface Marks {
  automation?: string;
  survey?: "question" | "score" | "comment" | "thanks";
  score?: number;
  scale?: "one_to_five" | "good_ok_bad";
  items?: { id: string; content: string }[];
}

export const marksOf = (message: Message) => (message.data ?? {}) as Marks;

/** It went out in the response to what the customer did. Whether it arrived nobody knows, so no state is claimed. */
export function isSaid(message: Message): boolean {
  const { automation, survey } = marksOf(message);
  return message.direction === "out" && (automation !== undefined || survey === "thanks");
}

function useWords(message: Message): string {
  const { t } = useTranslation();
  const { automation, survey, score, scale } = marksOf(message);
  if (automation !== undefined) return t(`said.${automation}`);
  if (survey === undefined) return "";
  if (survey === "score") {
    return t("said.survey_score", { score: t(`survey.score.${scale ?? "one_to_five"}.${score}`) });
  }
  return t(`said.survey_${survey}`);
}

export function AutomationMark({ message }: { message: Message }) {
  const words = useWords(message);
  if (!words) return null;
  return (
    <div className="mark" data-testid="automation-mark">
      <Icon name={marksOf(message).survey ? "check" : "chat"} size={14} />
      {words}
    </div>
  );
}

/** The answers that a survey's question offers, as the customer sees them. */
export function SurveyItems({ message }: { message: Message }) {
  const { items } = marksOf(message);
  if (!items) return null;
  return (
    <ul className="survey-items">
      {items.map((item) => (
        <li key={item.id}>{item.content}</li>
      ))}
    </ul>
  );
}
