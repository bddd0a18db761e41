/** A timer in words: none, always, or a time. */
import { useTranslation } from "react-i18next";
import type { TimerValue } from "../../../api/types";

/** Exactly the unit of the value: 1440 minutes are "24 h", 2880 "2 days". */
export function unitOf(minutes: number): { unit: "m" | "h" | "d"; count: number } {
  if (minutes >= 2880) return { unit: "d", count: minutes / 1440 };
  if (minutes > 60) return { unit: "h", count: minutes / 60 };
  return { unit: "m", count: minutes };
}

export function useTimerWords() {
  const { t } = useTranslation();
  return (timer: TimerValue): string => {
    if (timer === "none" || timer === "always") return t(`timer.${timer}`);
    const { unit, count } = unitOf(timer);
    return t(`timer.${unit}`, { n: count });
  };
}
