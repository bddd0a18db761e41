// What this browser keeps between visits. A browser that forbids storage simply keeps nothing.

const PREFIX = "kefu-phone.";

export function recall(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** Keeps `value`; an empty one is forgotten. */
export function keep(key, value) {
  try {
    if (value) localStorage.setItem(PREFIX + key, value);
    else localStorage.removeItem(PREFIX + key);
  } catch {
    // Private windows may refuse: the page works without.
  }
}
