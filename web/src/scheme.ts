/** Where the choice of light, dark or system is kept; `public/boot.js` reads the same key. */
import { localStorageColorSchemeManager } from "@mantine/core";

export const scheme = localStorageColorSchemeManager({ key: "kefu.scheme" });
