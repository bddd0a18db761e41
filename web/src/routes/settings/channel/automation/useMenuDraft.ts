/** The draft of a menu: what is typed is on the desk a moment later, and survives whatever happens to the page. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { type ApiError, api, asApiError } from "../../../../api/client";
import { type ChannelMenu, type MenuDraft, type MenuItem, menuKey } from "./automationApi";

const PAUSE_MS = 700;

export type Saving = "saved" | "saving" | "failed" | "conflict";

/** Begins with the draft, else with what phones show. */
export function useMenuDraft(channelId: string, menu: ChannelMenu) {
  const client = useQueryClient();
  const [items, setItems] = useState<MenuItem[]>(menu.draft ?? menu.items);
  const [saving, setSaving] = useState<Saving>("saved");
  const current = useRef(items);
  const version = useRef(menu.version);
  const unsaved = useRef(false);
  const running = useRef<Promise<ApiError | null> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const path = `/channels/${channelId}/menu`;

  const show = useCallback((next: MenuItem[]) => {
    current.current = next;
    setItems(next);
  }, []);

  /** Saves until nothing is unsaved; one request at a time. */
  const save = useCallback((): Promise<ApiError | null> => {
    const work = async (): Promise<ApiError | null> => {
      while (unsaved.current) {
        unsaved.current = false;
        setSaving("saving");
        try {
          const body = { items: current.current, version: version.current };
          const kept = await api.put<MenuDraft>(`${path}/draft`, body);
          version.current = kept.version;
          client.setQueryData<ChannelMenu>(menuKey(channelId), (old) =>
            old ? { ...old, draft: kept.draft, version: kept.version } : old,
          );
          // With the keys that the desk has made, unless somebody typed on meanwhile.
          if (!unsaved.current) show(kept.draft);
        } catch (error) {
          unsaved.current = true;
          const failure = asApiError(error);
          setSaving(failure.code === "changed_meanwhile" ? "conflict" : "failed");
          return failure;
        }
      }
      setSaving("saved");
      return null;
    };
    running.current ??= work().finally(() => {
      running.current = null;
    });
    return running.current;
  }, [channelId, client, path, show]);

  const edit = useCallback(
    (next: MenuItem[]) => {
      show(next);
      unsaved.current = true;
      setSaving((now) => (now === "conflict" ? now : "saving"));
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void save(), PAUSE_MS);
    },
    [save, show],
  );

  // Leaving the page within the pause loses nothing.
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      void save();
    },
    [save],
  );

  const publish = useCallback(async (): Promise<ApiError | null> => {
    clearTimeout(timer.current);
    const unkept = await save();
    if (unkept) return unkept;
    try {
      const body = { items: current.current, version: version.current };
      const shown = await api.put<ChannelMenu>(path, body);
      version.current = shown.version;
      client.setQueryData(menuKey(channelId), shown);
      show(shown.draft ?? shown.items);
      return null;
    } catch (error) {
      const failure = asApiError(error);
      if (failure.code === "changed_meanwhile") setSaving("conflict");
      // It was kept once more before WeChat was asked.
      if (failure.code.startsWith("wechat_")) version.current += 1;
      return failure;
    }
  }, [channelId, client, path, save, show]);

  return { items, edit, saving, retry: () => void save(), publish };
}
