/** The list of keyboard shortcuts. */
import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const rows: [string[], string][] = [
    [["j", "↓"], t("keys.next")],
    [["k", "↑"], t("keys.previous")],
    [["Enter"], t("keys.open")],
    [["r"], t("keys.reply")],
    [["n"], t("keys.note")],
    [["a"], t("keys.assign")],
    [["t"], t("keys.transfer")],
    [["b"], t("keys.block")],
    [["e"], t("keys.end")],
    [["Ctrl/⌘ Shift Enter"], t("keys.send_end")],
    [["/"], t("keys.search")],
    [["g i"], t("keys.inbox")],
    [["g t"], t("keys.tickets")],
    [["u"], t("keys.unassigned")],
    [["?"], t("keys.help")],
    [["Esc"], t("keys.back")],
  ];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("keys.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <dl className="keys">
        {rows.map(([keys, what]) => (
          <div key={what} style={{ display: "contents" }}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="small dim">{t("keys.hint")}</p>
    </Modal>
  );
}
