/** Says when what is on screen may be out of date. Silent while all is well. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { Connection } from "../../live/feed";

function watchNetwork(watcher: () => void) {
  window.addEventListener("online", watcher);
  window.addEventListener("offline", watcher);
  return () => {
    window.removeEventListener("online", watcher);
    window.removeEventListener("offline", watcher);
  };
}

export function ConnectionBar({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const online = useSyncExternalStore(watchNetwork, () => navigator.onLine);
  const lost = connection === "lost";
  const [shown, setShown] = useState(false);

  // A blink of the connection is not worth moving the page for.
  useEffect(() => {
    if (!lost) return setShown(false);
    const timer = setTimeout(() => setShown(true), 1500);
    return () => clearTimeout(timer);
  }, [lost]);

  if (online && !shown) return null;
  return (
    <div className="live-bar" role="status" data-testid="connection-bar">
      {online ? t("live.reconnecting") : t("live.offline")}
    </div>
  );
}
