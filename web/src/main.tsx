/** Starts the console: texts first, then the screens. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { meQuery } from "./api/directory";
import { queryClient } from "./api/queryClient";
import { Toasts } from "./components/toasts";
import { firstLanguage, startTexts } from "./i18n";
import { router } from "./router";
import { scheme } from "./scheme";
import { theme } from "./theme";
import "./styles/mantine.css";
import "./styles/global.css";

async function start() {
  const texts = startTexts(firstLanguage());
  if (!/^\/(signin|welcome|invitation)\b/.test(location.pathname)) {
    // Fetched beside the texts instead of after them.
    void queryClient.prefetchQuery(meQuery);
    void import("./routes/shell/Shell");
  }
  await texts;
  const root = document.getElementById("root");
  if (!root) throw new Error("the page has no root element");
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} colorSchemeManager={scheme} defaultColorScheme="auto">
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <Toasts />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

void start();
