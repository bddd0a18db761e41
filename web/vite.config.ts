import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const desk = process.env.KEFU_DESK_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    // Nothing is inlined: the server's content policy and long caching want files.
    assetsInlineLimit: 0,
    target: "es2022",
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    proxy: {
      "/api": { target: desk, changeOrigin: false },
      "/callback": { target: desk, changeOrigin: false },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
    // One page for all files: starting one per file takes longer than every test together.
    isolate: false,
    fileParallelism: false,
  },
});
