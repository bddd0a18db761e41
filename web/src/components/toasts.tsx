/** Short messages about what was just done, with an undo where there is one. */
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/client";
import { errorDetails, errorText } from "../i18n/words";
import { copyText } from "./copy";
import "./notices.css";

interface Toast {
  id: number;
  text: string;
  tone: "plain" | "error";
  action?: { label: string; run: () => void };
}

let toasts: Toast[] = [];
let nextId = 1;
const watchers = new Set<() => void>();

function set(next: Toast[]) {
  toasts = next;
  for (const watcher of watchers) watcher();
}

const drop = (id: number) => set(toasts.filter((toast) => toast.id !== id));

function show(toast: Omit<Toast, "id">, milliseconds: number) {
  const id = nextId++;
  set([...toasts.slice(-2), { ...toast, id }]);
  setTimeout(() => drop(id), milliseconds);
}

export function say(text: string, action?: Toast["action"]): void {
  show({ text, tone: "plain", action }, action ? 8000 : 3500);
}

/** Shows a failed action in words; its details can be copied. */
export function sayError(
  error: unknown,
  copyLabel: string,
  params?: Record<string, unknown>,
): void {
  const failure = asApiError(error);
  const action = { label: copyLabel, run: () => void copyText(errorDetails(failure)) };
  show({ text: errorText(failure, params), tone: "error", action }, 10_000);
}

export function Toasts() {
  const { t } = useTranslation();
  const shown = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <div className="toast" key={toast.id} data-tone={toast.tone}>
          <span>{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              onClick={() => {
                toast.action?.run();
                drop(toast.id);
              }}
            >
              {toast.action.label}
            </button>
          )}
          <button type="button" aria-label={t("action.close")} onClick={() => drop(toast.id)}>
            ✕
          </button>
        </div>
      ))}
    </div>
  );
}
