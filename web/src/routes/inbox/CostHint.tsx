/** Beside the send button: what the next message costs, and a way on where it costs more than is left. */
import { useTranslation } from "react-i18next";
import type { Reply } from "../../api/types";
import { useDeskNow } from "../../format/deskClock";
import { costWords, lastMessage } from "./allowance";
import type { Cost } from "./cost";

interface Props {
  cost: Cost;
  reply: Reply;
  /** How many of the messages are files. */
  files: number;
  dropping: boolean;
  onSendFirst: (count: number) => void;
}

export function CostHint({ cost, reply, files, dropping, onSendFirst }: Props) {
  const { t } = useTranslation();
  const now = useDeskNow();
  const { parts, left } = cost;
  if (cost.tooMany && left !== null) {
    return (
      <Warning>
        {left > 0 ? t("cost.parts_left", { parts, left }) : t("cost.nothing_left", { parts })}{" "}
        {left > 0 && (
          <button
            type="button"
            className="text-button"
            onClick={() => onSendFirst(left)}
            data-testid="send-first"
          >
            {t("cost.send_first", { count: left })}
          </button>
        )}
      </Warning>
    );
  }
  if (cost.last) return <Warning>{lastMessage(reply, now)}</Warning>;
  if (dropping) return <span className="composer-hint">{t("composer.drop")}</span>;
  const split = parts - files > 1 ? t("composer.parts", { count: parts - files }) : "";
  const words = [split, costWords(cost, reply)].filter(Boolean).join(" · ");
  if (words) {
    return (
      <span className="composer-hint" data-tone="plain" data-testid="cost-of">
        {words}
      </span>
    );
  }
  return <span className="composer-hint" />;
}

function Warning({ children }: { children: React.ReactNode }) {
  return (
    <span className="composer-hint" data-tone="warn" data-testid="cost">
      {children}
    </span>
  );
}
