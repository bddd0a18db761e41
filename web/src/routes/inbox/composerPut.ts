/** The way from a message to the reply box: it fills a text in, and sends nothing. `null`: no reply is possible. */
import { createContext } from "react";

export const ComposerPut = createContext<((text: string) => void) | null>(null);
