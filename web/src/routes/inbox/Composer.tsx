/** Where replies and notes are written. What is typed is stored with each key stroke. */
import { Button } from "@mantine/core";
import {
  type ChangeEvent,
  lazy,
  type Ref,
  Suspense,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { useCanSend } from "../../api/canSend";
import { useMay, useMe } from "../../api/directory";
import type { Conversation } from "../../api/types";
import { type Draft, emptyDraft, readDraft, writeDraft } from "../../outbox/drafts";
import { useOutbox } from "../../outbox/OutboxProvider";
import { useOutgoing } from "../../outbox/outbox";
import { placeOf } from "../../outbox/recordings";
import { AllowanceLine } from "./AllowanceLine";
import { AttachmentChips } from "./AttachmentChips";
import { AttachTools, RefusedKinds } from "./attach/AttachTools";
import { CostHint } from "./CostHint";
import { endsToo, messagesOf, sends } from "./composing";
import { costOf, restOf } from "./cost";
import { askForAnswer } from "./nudge";
import { ReplyGate } from "./ReplyGate";
import { useTypingSignal } from "./typingSignal";
import type { ConversationActions } from "./useConversationActions";
import { useDrop } from "./useDrop";
import { useUploads } from "./useUploads";

const RecordVoice = lazy(async () => ({
  default: (await import("./attach/RecordVoice")).RecordVoice,
}));

export interface ComposerHandle {
  write: (mode: Draft["mode"]) => void;
  put: (text: string) => void;
}

interface Props {
  conversation: Conversation;
  actions: ConversationActions;
  ref: Ref<ComposerHandle>;
}

function useDraft(conversationId: string) {
  const me = useMe();
  const [draft, setDraft] = useState(() => readDraft(me.id, conversationId));
  const change = (edit: (draft: Draft) => Draft) =>
    setDraft((old) => {
      const next = edit(old);
      writeDraft(me.id, conversationId, next);
      return next;
    });
  return [draft, change] as const;
}

export function Composer({ conversation, actions, ref }: Props) {
  const { t } = useTranslation();
  const mayReply = useMay("conversations.reply");
  const outbox = useOutbox();
  const [draft, change] = useDraft(conversation.id);
  const typing = useTypingSignal(conversation.id);
  const area = useRef<HTMLTextAreaElement>(null);
  const rules = useCanSend(conversation.channel_id, conversation.reply.route);
  const [recording, setRecording] = useState(false);
  const linkMax = rules.fileLink?.limit_bytes ?? null;
  const files = useUploads(
    placeOf(useMe().id, conversation.id),
    { refusalOf: rules.refusalOf, linkMax },
    (file) => change((old) => ({ ...old, mode: "reply", attachments: [...old.attachments, file] })),
  );
  const noting = draft.mode === "note";
  const gated = !noting && !conversation.reply.allowed;
  const messages = messagesOf(draft, conversation.id, "");
  const onTheWay = useOutgoing(outbox, conversation.id);
  const cost = costOf(noting ? [] : messages, onTheWay, conversation.reply);
  const uploading = recording || files.uploads.some((one) => one.problem === null);
  const ready = messages.length > 0 && !cost.tooMany && !(uploading && !noting) && !gated;

  /** At once: keys typed right after `r` belong to the text, not to the shortcuts. */
  const focusAfter = (step: () => void) => {
    flushSync(step);
    area.current?.focus();
  };
  useImperativeHandle(ref, () => ({
    write: (mode) => focusAfter(() => change((old) => ({ ...old, mode }))),
    put: (text) => {
      const joined = (old: string) => (old ? `${text}\n${old}` : text);
      focusAfter(() => change((old) => ({ ...old, mode: "reply", text: joined(old.text) })));
    },
  }));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows from the text
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [draft.text, gated]);

  const send = () => {
    if (!ready) return;
    typing.stop();
    outbox.add(messagesOf(draft, conversation.id, new Date().toISOString()));
    focusAfter(() =>
      change((old) => ({ ...emptyDraft(), attachments: noting ? old.attachments : [] })),
    );
  };
  /** Ends the conversation, and closes its ticket, once the desk has the reply. */
  const sendAndEnd = () => {
    if (!ready || noting) return;
    const ids = messages.map(({ client_id }) => client_id);
    send();
    void outbox.accepted(ids).then((all) => all && actions.end(true));
  };
  /** What fits leaves now; the rest stays in the composer. */
  const sendFirst = (count: number) => {
    outbox.add(messagesOf(draft, conversation.id, new Date().toISOString()).slice(0, count));
    focusAfter(() =>
      change((old) => ({ ...restOf(old, messages, count), client_id: emptyDraft().client_id })),
    );
  };
  const nudge = () => {
    const last = conversation.last_message;
    const asks = askForAnswer(last?.direction === "in" ? (last.text ?? "") : "");
    const joined = (old: string) => (old.trim() ? `${old.trimEnd()}\n${asks}` : asks);
    focusAfter(() => change((old) => ({ ...old, mode: "reply", text: joined(old.text) })));
  };
  const dropping = useDrop((dropped) => !gated && !noting && files.add(dropped));

  if (!mayReply) {
    return (
      <div className="composer">
        <div className="gate">
          <p>{t("composer.viewer")}</p>
        </div>
      </div>
    );
  }
  return (
    <>
      <AllowanceLine conversation={conversation} onNudge={nudge} />
      <div className="composer" data-mode={draft.mode} data-drop={dropping} data-testid="composer">
        <ComposerTop
          mode={draft.mode}
          keys={!gated}
          onMode={(mode) => focusAfter(() => change((old) => ({ ...old, mode })))}
        />
        {gated ? (
          <ReplyGate conversation={conversation} actions={actions} />
        ) : (
          <>
            {!noting && (
              <AttachmentChips
                attachments={draft.attachments}
                files={files}
                onRemove={(id) =>
                  change((old) => ({
                    ...old,
                    attachments: old.attachments.filter((file) => file.id !== id),
                  }))
                }
              />
            )}
            {!noting && recording && (
              <Suspense fallback={null}>
                <RecordVoice
                  onDone={(file) => {
                    setRecording(false);
                    files.addRecording(file);
                    area.current?.focus();
                  }}
                  onClose={() => setRecording(false)}
                />
              </Suspense>
            )}
            <textarea
              ref={area}
              rows={2}
              value={draft.text}
              aria-label={noting ? t("composer.note") : t("composer.reply")}
              placeholder={
                noting
                  ? t("composer.note.placeholder")
                  : t("composer.reply.placeholder", { name: conversation.contact.name })
              }
              onChange={(event: ChangeEvent<HTMLTextAreaElement>) => {
                const text = event.currentTarget.value;
                change((old) => ({ ...old, text }));
                if (!noting) typing.typed(text);
              }}
              onKeyDown={(event) => {
                if (endsToo(event.nativeEvent)) {
                  event.preventDefault();
                  return sendAndEnd();
                }
                if (!sends(event.nativeEvent)) return;
                event.preventDefault();
                send();
              }}
              onPaste={(event) => {
                if (event.clipboardData.files.length === 0 || noting) return;
                event.preventDefault();
                files.add(event.clipboardData.files);
              }}
              data-testid="composer-text"
            />
            {!noting && <RefusedKinds rules={rules} />}
            <div className="composer-end">
              {!noting && (
                <AttachTools
                  conversation={conversation}
                  rules={rules}
                  files={files}
                  recording={recording}
                  onRecord={() => setRecording(true)}
                />
              )}
              <CostHint
                cost={cost}
                reply={conversation.reply}
                files={draft.attachments.length}
                dropping={dropping}
                onSendFirst={sendFirst}
              />
              {!noting && (
                <Button
                  className="send-end"
                  variant="default"
                  disabled={!ready}
                  onClick={sendAndEnd}
                  data-testid="send-end"
                >
                  {t("do.send_end")}
                </Button>
              )}
              <Button
                className={noting ? "note-button" : undefined}
                variant={noting ? "default" : "filled"}
                disabled={!ready}
                onClick={send}
                data-testid="send"
              >
                {noting ? t("composer.add_note") : t("composer.send")}
              </Button>
            </div>
          </>
        )}
      </div>
    </>
  );
}

interface TopProps {
  mode: Draft["mode"];
  /** Whether there is something to send with them. */
  keys: boolean;
  onMode: (mode: Draft["mode"]) => void;
}

function ComposerTop({ mode, keys, onMode }: TopProps) {
  const { t } = useTranslation();
  return (
    <div className="composer-top">
      <div role="tablist" aria-label={t("composer.reply")}>
        {(["reply", "note"] as const).map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            className="composer-tab"
            aria-selected={mode === one}
            onClick={() => onMode(one)}
            data-testid={`tab-${one}`}
          >
            {t(`composer.${one}`)}
          </button>
        ))}
      </div>
      {mode === "note" ? (
        <span className="note-reminder">{t("thread.note_hint")}</span>
      ) : (
        keys && <span className="composer-keys">{t("composer.keys")}</span>
      )}
    </div>
  );
}
