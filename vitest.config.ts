import { defineConfig } from "vitest/config";
import { browserProjects } from "./packages/runtimes/src/engines/projects.ts";
import { nodePool } from "./packages/tooling/src/node-pool.ts";

/** Makes the packages' `exports` lead to their sources, so that tests need no build. */
const source = "@stream-tungstenite/source";

/** The Node that runs the test files, if not the one that runs vitest; set by `test:node`. */
const nodeUnderTest = process.env["NODE_UNDER_TEST"];

/**
 * Other Nodes run what is for Node, and coverage is measured there, too. Of the browsers each that is installed gets a
 * project; it is started for files that match only.
 */
const browsers =
  nodeUnderTest === undefined && !process.argv.includes("--coverage") ? browserProjects() : [];

const exclude = ["**/*.browser.test.ts", "**/dist/**", "**/node_modules/**"];

/** What says nothing of the Node that it runs on: tools of the workspace, and browsers driven from outside. */
const notForNode = [
  "packages/tooling/**",
  "packages/runtimes/src/page/**",
  "examples/dashboard/src/e2e/**",
];

export default defineConfig({
  resolve: { conditions: [source, "module", "browser", "development|production"] },
  ssr: { resolve: { conditions: [source, "module", "node", "development|production"] } },
  test: {
    reporters: ["default", "./packages/tooling/src/closing-line-reporter.ts"],
    coverage: {
      provider: "v8",
      include: ["packages/retry/src/**/*.ts", "packages/core/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/test-kit.ts"],
      reporter: ["text", "json-summary"],
      thresholds: { perFile: true, branches: 95 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          // Tests wait for events, not for time: only one that hangs gets here, also on a busy machine.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          include: ["packages/*/src/**/*.test.ts", "examples/*/src/**/*.test.ts"],
          exclude,
          ...(nodeUnderTest === undefined
            ? {}
            : {
                pool: nodePool(nodeUnderTest),
                exclude: [...exclude, ...notForNode],
                setupFiles: ["./packages/tooling/src/node-pool.setup.ts"],
              }),
        },
      },
      ...browsers,
    ],
  },
});
