/** Starts the console: texts first, then the screens. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/queryClient";
import { Toasts } from "./components/toasts";
import { firstLanguage, startTexts } from "./i18n";
import { router } from "./router";
import { scheme } from "./scheme";
import { theme } from "./theme";
import "./styles/mantine.css";
import "./styles/global.css";

async function start() {
  await startTexts(firstLanguage());
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
