import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { borderFaults } from "./borders.ts";

type Files = Readonly<Record<string, string | object>>;

const entry = { ".": { default: "./dist/index.js" } };
const workspace: Files = {
  "packages/retry/package.json": { name: "@stream-tungstenite/retry", exports: entry },
  "packages/core/package.json": {
    name: "@stream-tungstenite/core",
    exports: { ...entry, "./testing": { default: "./dist/testing/index.js" } },
    dependencies: { "@stream-tungstenite/retry": "workspace:^" },
  },
  "packages/auth/package.json": {
    name: "@stream-tungstenite/auth",
    exports: entry,
    peerDependencies: { "@stream-tungstenite/core": "workspace:^" },
    devDependencies: { "@stream-tungstenite/core": "workspace:^" },
  },
  "packages/transport-node/package.json": {
    name: "@stream-tungstenite/transport-node",
    exports: entry,
    dependencies: { ws: "^8.0.0" },
    peerDependencies: { "@stream-tungstenite/core": "workspace:^" },
    devDependencies: { "@types/ws": "^8.0.0" },
  },
  "packages/proof/package.json": { name: "proof", private: true },
  "packages/rig/package.json": {
    name: "rig",
    private: true,
    exports: { ".": "./src/index.ts", "./serve": "./src/serve.ts" },
    devDependencies: { "@stream-tungstenite/core": "workspace:^" },
  },
  "examples/feed/package.json": {
    name: "feed",
    private: true,
    dependencies: { "@stream-tungstenite/core": "workspace:^" },
  },
};

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** The faults of the workspace with these files added or replaced. */
function faultsOf(files: Files): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), "st-borders-"));
  directories.push(directory);
  for (const [path, content] of Object.entries({ ...workspace, ...files })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(
      join(directory, path),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }
  return borderFaults(directory);
}

test("this workspace respects its borders", () => {
  expect(borderFaults()).toEqual([]);
});

describe("a border is crossed when", () => {
  test.each([
    ["retry imports core", "packages/retry/src/a.ts", `import "@stream-tungstenite/core";`],
    ["retry imports Node", "packages/retry/src/a.ts", `import "node:fs";`],
    ["core imports a plugin", "packages/core/src/a.ts", `import "@stream-tungstenite/auth";`],
    ["core imports Node", "packages/core/src/a.ts", `import { on } from "node:events";`],
    ["core imports Node without the prefix", "packages/core/src/a.ts", `import "events";`],
    ["core imports others' code", "packages/core/src/a.ts", `import "ws";`],
    ["the kit imports Node", "packages/core/src/testing/a.ts", `import "node:fs";`],
    ["core imports its kit", "packages/core/src/a.ts", `import "./testing/index.ts";`],
    ["core imports itself by name", "packages/core/src/a.ts", `import "@stream-tungstenite/core";`],
    ["a source imports a test", "packages/core/src/a.ts", `import "./b.test.ts";`],
    [
      "a plugin imports a plugin",
      "packages/auth/src/a.ts",
      `import "@stream-tungstenite/transport-node";`,
    ],
    [
      "a plugin imports a plugin's types",
      "packages/auth/src/a.ts",
      `import type { T } from "@stream-tungstenite/transport-node";`,
    ],
    ["a plugin imports retry", "packages/auth/src/a.ts", `import "@stream-tungstenite/retry";`],
    [
      "a plugin exports from a plugin",
      "packages/auth/src/a.ts",
      `export { t } from "@stream-tungstenite/transport-node";`,
    ],
    [
      "a plugin exports all of a plugin",
      "packages/auth/src/a.ts",
      `export * from "@stream-tungstenite/transport-node";`,
    ],
    [
      "a plugin loads a plugin",
      "packages/auth/src/a.ts",
      `await import("@stream-tungstenite/transport-node");`,
    ],
    [
      "a plugin requires a plugin",
      "packages/auth/src/a.ts",
      `require("@stream-tungstenite/transport-node");`,
    ],
    [
      "a plugin names a plugin in a type",
      "packages/auth/src/a.ts",
      `let t: import("@stream-tungstenite/transport-node").T;`,
    ],
    ["a source imports a test kit", "packages/core/src/a.ts", `import "./test-kit.ts";`],
    ["a plugin imports its tests' helpers", "packages/auth/src/a.ts", `import "./testing/a.ts";`],
    ["a plugin loads what the run decides", "packages/auth/src/a.ts", "await import(name);"],
    [
      "a plugin imports the kit",
      "packages/auth/src/a.ts",
      `import "@stream-tungstenite/core/testing";`,
    ],
    [
      "a plugin reaches into core",
      "packages/auth/src/a.ts",
      `import "@stream-tungstenite/core/src/machine.ts";`,
    ],
    ["a plugin leaves its package", "packages/auth/src/a.ts", `import "../../core/src/index.ts";`],
    ["a plugin for all platforms imports Node", "packages/auth/src/a.ts", `import "node:fs";`],
    ["a plugin refers to Node's types", "packages/auth/src/a.ts", `/// <reference types="node" />`],
    ["a plugin imports the undeclared", "packages/transport-node/src/a.ts", `import "undici";`],
    ["a test imports the undeclared", "packages/auth/src/a.test.ts", `import "ws";`],
    [
      "a test imports another plugin",
      "packages/auth/src/a.test.ts",
      `import "@stream-tungstenite/transport-node";`,
    ],
    ["a plugin imports the rig", "packages/auth/src/a.ts", `import { rig } from "rig";`],
    ["core's tests import the rig", "packages/core/src/a.test.ts", `import { rig } from "rig";`],
    ["retry's tests import the rig", "packages/retry/src/a.test.ts", `import { rig } from "rig";`],
    ["a test reaches into the rig", "packages/auth/src/a.test.ts", `import "rig/src/rig.ts";`],
    ["an example imports the rig", "examples/feed/src/a.ts", `import { rig } from "rig";`],
    ["an example's tests import the rig", "examples/feed/src/a.test.ts", `import "rig/serve";`],
    [
      "an example reaches into a package",
      "examples/feed/src/a.ts",
      `import "@stream-tungstenite/core/dist/index.js";`,
    ],
    [
      "an example leaves its package",
      "examples/feed/src/a.ts",
      `import "../../../packages/core/src/index.ts";`,
    ],
    [
      "an example imports the undeclared",
      "examples/feed/src/a.ts",
      `import "@stream-tungstenite/auth";`,
    ],
  ])("%s", (_, file, code) => {
    const faults = faultsOf({ [file]: `// first line\n${code}` });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`${file}:2: imports`);
  });

  test.each([
    ["retry depends on anything", "retry", { dependencies: { ms: "1" } }],
    ["core depends on others' code", "core", { dependencies: { ws: "8" } }],
    [
      "a plugin depends on a plugin",
      "auth",
      {
        peerDependencies: {
          "@stream-tungstenite/core": "1",
          "@stream-tungstenite/transport-node": "1",
        },
      },
    ],
    [
      "a plugin brings a core of its own",
      "auth",
      {
        dependencies: { "@stream-tungstenite/core": "1" },
        peerDependencies: { "@stream-tungstenite/core": "1" },
      },
    ],
    ["a plugin names no core", "auth", {}],
    [
      "a plugin declares the rig",
      "auth",
      {
        peerDependencies: { "@stream-tungstenite/core": "1" },
        devDependencies: { rig: "workspace:^" },
      },
    ],
  ])("%s", (_, name, manifest) => {
    const path = `packages/${name}/package.json`;
    const faults = faultsOf({
      [path]: { name: `@stream-tungstenite/${name}`, exports: entry, ...manifest },
    });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`${path}: `);
  });
});

test("the rig may not even declare a plugin and import it", () => {
  const auth = "@stream-tungstenite/auth";
  const manifest = { name: "rig", private: true, devDependencies: { [auth]: "workspace:^" } };
  expect(
    faultsOf({
      "packages/rig/package.json": manifest,
      "packages/rig/src/a.ts": `import "${auth}";`,
    }),
  ).toEqual([`packages/rig/src/a.ts:1: imports ${auth}, which rig may not use`]);
});

test("a file that cannot be parsed is named", () => {
  expect(faultsOf({ "packages/core/src/a.ts": "const" })).toEqual([
    expect.stringContaining("packages/core/src/a.ts:1: cannot be parsed"),
  ]);
});

describe("no border is crossed when", () => {
  test.each([
    [
      "core imports retry",
      "packages/core/src/a.ts",
      `import { fast } from "@stream-tungstenite/retry";`,
    ],
    ["a test kit imports the kit", "packages/core/src/test-kit.ts", `import "./testing/index.ts";`],
    [
      "a test of core imports its kit",
      "packages/core/src/a.test.ts",
      `import "./testing/index.ts";`,
    ],
    [
      "a test imports vitest and Node",
      "packages/core/src/a.test.ts",
      `import "vitest"; import "node:fs";`,
    ],
    ["the kit imports core", "packages/core/src/testing/a.ts", `import "../clock.ts";`],
    [
      "a plugin imports core",
      "packages/auth/src/a.ts",
      `import { definePlugin } from "@stream-tungstenite/core";`,
    ],
    [
      "a test of a plugin imports the kit",
      "packages/auth/src/a.test.ts",
      `import "@stream-tungstenite/core/testing";`,
    ],
    [
      "a transport for Node imports Node and what it declares",
      "packages/transport-node/src/a.ts",
      `import "node:net"; import "ws";`,
    ],
    [
      "helpers of a plugin's tests import the kit",
      "packages/auth/src/testing/a.ts",
      `import "@stream-tungstenite/core/testing"; import "node:fs";`,
    ],
    [
      "a test of a plugin imports the rig",
      "packages/auth/src/a.test.ts",
      `import { rig } from "rig"; import { serve } from "rig/serve";`,
    ],
    [
      "helpers of a plugin's tests import the rig",
      "packages/auth/src/testing/a.ts",
      `import { rig } from "rig";`,
    ],
    [
      "a private package imports the rig",
      "packages/proof/src/a.ts",
      `import { rig } from "rig"; import { serve } from "rig/serve";`,
    ],
    [
      "the rig imports the kit and Node",
      "packages/rig/src/a.ts",
      `import "@stream-tungstenite/core/testing"; import "node:fs"; import "vitest";`,
    ],
    [
      "an example imports an entry point",
      "examples/feed/src/a.ts",
      `import "@stream-tungstenite/core"; import "node:fs";`,
    ],
    [
      "a comment or a string speaks of an import",
      "packages/core/src/a.ts",
      `// import "ws"\nexport const a = 'import "ws"';`,
    ],
  ])("%s", (_, file, code) => {
    expect(faultsOf({ [file]: code })).toEqual([]);
  });
});
