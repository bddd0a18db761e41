// Many wishes, one run at a time: what is asked for while a run is under way is served by one run after it.

export function coalesce(work) {
  let running = null;
  let again = null;
  const run = async () => {
    try {
      return await work();
    } finally {
      running = null;
    }
  };
  return () => {
    if (!running) return (running = run());
    again ??= running.catch(() => {}).then(() => {
      again = null;
      return (running = run());
    });
    return again;
  };
}
