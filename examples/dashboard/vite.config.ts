import { defineConfig } from "vite";

export default defineConfig({
  // The packages' sources: the page needs no build of theirs.
  resolve: { conditions: ["@stream-tungstenite/source", "module", "browser"] },
  build: { outDir: "dist/page", target: "es2022" },
});
