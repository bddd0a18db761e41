/**
 * When a menu or dialog closes, the focus goes back to where it was before: to what opened it, also where that
 * was drawn anew meanwhile. Parts that are loaded when they are first wanted cannot remember it by themselves.
 */
const FLOATING = "[role=dialog], [role=menu]";

interface Place {
  element: HTMLElement;
  parent: HTMLElement | null;
  testId: string | undefined;
}

export const isFloating = (): boolean => document.querySelector(FLOATING) !== null;

function placeOf(element: HTMLElement): Place {
  return { element, parent: element.parentElement, testId: element.dataset.testid };
}

function find({ element, parent, testId }: Place): HTMLElement | null {
  if (element.isConnected) return element;
  if (!parent?.isConnected || !testId) return null;
  return parent.querySelector<HTMLElement>(`[data-testid="${CSS.escape(testId)}"]`);
}

/** Watches until the returned function is called. */
export function giveFocusBack(): () => void {
  let place: Place | null = null;
  let inside = false;

  const onFocus = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return;
    inside = target.closest(FLOATING) !== null;
    if (!inside) place = placeOf(target);
  };
  // Whoever leaves a field for nothing else opens the next dialog with a key, from nowhere.
  const onBlur = ({ target, relatedTarget }: FocusEvent) => {
    if (relatedTarget || inside) return;
    requestAnimationFrame(() => {
      const left = target instanceof HTMLElement && target.isConnected;
      if (left && target === place?.element && document.activeElement === document.body && !inside)
        place = null;
    });
  };
  const observer = new MutationObserver(() => {
    if (!inside || document.activeElement !== document.body || isFloating()) return;
    inside = false;
    if (place) find(place)?.focus({ preventScroll: true });
  });

  document.addEventListener("focusin", onFocus);
  document.addEventListener("focusout", onBlur);
  observer.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener("focusin", onFocus);
    document.removeEventListener("focusout", onBlur);
    observer.disconnect();
  };
}
