/** Before the account's own things are taken over: what becomes of them, and what cannot come along. */
import { Button, Checkbox, Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../../../api/client";
import { say, sayError } from "../../../../components/toasts";
import { hasMenu, hasReplies } from "./AccountNow";
import {
  type Automation,
  answersQuery,
  automationKey,
  menuKey,
  type Summary,
} from "./automationApi";
import { ContentBubble } from "./ContentBubble";
import { LeftOutList } from "./LeftOutList";
import type { Place } from "./menuTree";
import { PhoneMenu } from "./PhoneMenu";

interface Props {
  channelId: string;
  seen: Automation;
  opened: boolean;
  onClose: () => void;
  onTaken: () => void;
}

export function TakeOverDialog({ channelId, seen, opened, onClose, onTaken }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [menu, setMenu] = useState(true);
  const [answers, setAnswers] = useState(true);
  const [busy, setBusy] = useState(false);
  const { preview } = seen;
  const opener = preview.menu.findIndex((item) => item.kind === "submenu");
  const [looked, setLooked] = useState<Place | null>(opener < 0 ? null : [opener]);
  const wantsMenu = menu && hasMenu(seen);
  const wantsAnswers = answers && hasReplies(seen);
  const shown = preview.answers.filter((one) =>
    one.occasion === "menu_click" ? wantsMenu : wantsAnswers,
  );
  const left = preview.left_out.filter((one) =>
    one.occasion === "menu_click" ? wantsMenu : wantsAnswers,
  );
  const take = async () => {
    setBusy(true);
    try {
      const body = { menu: wantsMenu, answers: wantsAnswers };
      const summary = await api.post<Summary>(`/channels/${channelId}/take-over`, body);
      say(t("automation.take.said", { count: summary.answers }));
      await Promise.all([
        client.invalidateQueries({ queryKey: answersQuery(channelId).queryKey }),
        client.invalidateQueries({ queryKey: automationKey(channelId) }),
        client.invalidateQueries({ queryKey: menuKey(channelId) }),
      ]);
      onTaken();
      onClose();
    } catch (error) {
      sayError(error, t("action.copy_details"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={t("automation.take.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <div className="form">
        {hasReplies(seen) && (
          <Checkbox
            label={t("automation.take.answers")}
            description={t("automation.take.answers_hint")}
            checked={answers}
            onChange={(event) => setAnswers(event.currentTarget.checked)}
          />
        )}
        {hasMenu(seen) && (
          <Checkbox
            label={t("automation.take.menu")}
            description={t(
              preview.replaces_draft
                ? "automation.take.menu_replaces"
                : "automation.take.menu_hint",
            )}
            checked={menu}
            onChange={(event) => setMenu(event.currentTarget.checked)}
          />
        )}
        {wantsMenu && <PhoneMenu items={preview.menu} chosen={looked} onChoose={setLooked} small />}
        {shown.length > 0 && (
          <ul className="take-list" data-testid="take-preview">
            {shown.map((one, index) => (
              <li key={index}>
                <span className="dim small">
                  {t(`automation.occasion.${one.occasion}`)}
                  {one.keyword && one.occasion === "keyword" && (
                    <>
                      {" · "}
                      <bdi>{one.keyword}</bdi>
                    </>
                  )}
                  {one.known && ` · ${t("automation.take.is_known")}`}
                </span>
                <ContentBubble answer={one} />
              </li>
            ))}
          </ul>
        )}
        <LeftOutList left={left} />
        <div className="form-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("action.cancel")}
          </Button>
          <Button
            loading={busy}
            disabled={!wantsMenu && !wantsAnswers}
            onClick={() => void take()}
            data-testid="confirm-take-over"
          >
            {t("automation.take.go")}
          </Button>
        </div>
        {busy && <p className="dim small">{t("automation.take.busy")}</p>}
      </div>
    </Modal>
  );
}
