/** The ticket timer of one channel: saved at once, with a tick; and what it would have meant lately. */
import { Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { asApiError } from "../../../api/client";
import { useNames } from "../../../api/directory";
import { keys } from "../../../api/keys";
import { preferencesQuery, saveTimer, ticketPreviewQuery, timers } from "../../../api/preferences";
import type { Preferences, TimerValue } from "../../../api/types";
import { Choice } from "../../../components/Choice";
import { CopyButton } from "../../../components/CopyButton";
import { Icon } from "../../../components/Icon";
import { errorDetails, errorText } from "../../../i18n/words";
import { NoChannel } from "./Preferences";
import { useTimerWords } from "./timerWords";

interface Props {
  preferences: Preferences[];
  channelId: string | undefined;
  onChannel: (id: string) => void;
}

export function TicketsTab({ preferences, channelId, onChannel }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  const chosen = preferences.find((one) => one.channel_id === channelId) ?? preferences[0];
  if (!chosen) return <NoChannel />;
  return (
    <div className="card preferences-timer">
      <Choice
        label={t("panel.channel")}
        options={preferences.map(({ channel_id }) => ({
          value: channel_id,
          label: names.channel(channel_id)?.name ?? channel_id,
        }))}
        value={chosen.channel_id}
        onChoose={onChannel}
        data-testid="preferences-channel"
      />
      <TimerChoice key={chosen.channel_id} preferences={chosen} />
    </div>
  );
}

/** Shows the choice at once, and takes it back where the desk says no. */
function useTimer(seen: Preferences) {
  const client = useQueryClient();
  const list = preferencesQuery(seen.department_id).queryKey;
  const show = (fresh: Partial<Preferences>) =>
    client.setQueryData<Preferences[]>(list, (old) =>
      old?.map((one) => (one.channel_id === seen.channel_id ? { ...one, ...fresh } : one)),
    );
  return useMutation({
    mutationFn: (timer: TimerValue) => saveTimer(seen, timer),
    onMutate: (timer) => {
      show({ ticket_timer_minutes: timer });
      return seen.ticket_timer_minutes;
    },
    onSuccess: (fresh) => show(fresh),
    onError: (_error, _timer, before) => show({ ticket_timer_minutes: before }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.preferencesOf(seen.department_id) }),
  });
}

function TimerChoice({ preferences }: { preferences: Preferences }) {
  const { t } = useTranslation();
  const words = useTimerWords();
  const timer = preferences.ticket_timer_minutes as TimerValue;
  const save = useTimer(preferences);
  return (
    <>
      <div>
        <Choice
          label={t("preferences.timer")}
          options={timers.map((value) => ({ value: `${value}`, label: words(value) }))}
          value={`${timer}`}
          onChoose={(text) => save.mutate(timers.find((value) => `${value}` === text) ?? "none")}
          data-testid="preferences-timer"
        />
        <p className="preferences-saved" role="status" data-testid="timer-state">
          {save.isPending && <span className="dim">{t("preferences.saving")}</span>}
          {save.isSuccess && (
            <span className="verify" data-ok="true">
              <Icon name="check" size={16} />
              {t("preferences.timer_saved")}
            </span>
          )}
          {save.isError && (
            <span className="preferences-error">
              {t("preferences.not_saved", { reason: errorText(asApiError(save.error)) })}
              <CopyButton
                size="compact-xs"
                text={errorDetails(asApiError(save.error))}
                label={t("action.copy_details")}
              />
            </span>
          )}
        </p>
      </div>
      <p className="preferences-meaning">
        {t(`preferences.timer.${meaning(timer)}`, { time: words(timer) })}
      </p>
      <Preview preferences={preferences} timer={timer} />
      <p className="small dim preferences-meaning">{t("preferences.timer.from")}</p>
    </>
  );
}

const meaning = (timer: TimerValue) => (typeof timer === "number" ? "minutes" : timer);

function Preview({ preferences, timer }: { preferences: Preferences; timer: TimerValue }) {
  const { t } = useTranslation();
  const preview = useQuery(ticketPreviewQuery(preferences, timer));
  const found = preview.data;
  if (preview.isError) {
    return <p className="preferences-preview">{errorText(asApiError(preview.error))}</p>;
  }
  if (!found) return <Skeleton height={76} radius={10} />;
  return (
    <div className="preferences-preview" data-testid="ticket-preview">
      {found.messages === 0 ? (
        <p>{t("preferences.preview.empty", { days: found.days })}</p>
      ) : (
        <>
          <p>
            {t("preferences.preview.title", { days: found.days })}
            <b className="tabular">
              {t("preferences.preview.tickets", {
                tickets: found.tickets,
                real: found.tickets_real,
              })}
            </b>
          </p>
          <p className="small dim">
            {t("preferences.preview.how", {
              messages: found.messages,
              conversations: found.conversations,
            })}
            {!found.complete && ` ${t("preferences.preview.part")}`}
          </p>
        </>
      )}
    </div>
  );
}
