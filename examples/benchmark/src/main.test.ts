import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { publish, writeTo } from "./report/write.ts";
import { measure } from "./run/measure.ts";

vi.mock("./report/write.ts");
vi.mock("./run/measure.ts");

const printed: string[] = [];
const complained: string[] = [];

beforeEach(() => {
  vi.resetModules();
  vi.spyOn(console, "log").mockImplementation((line) => void printed.push(String(line)));
  vi.spyOn(console, "error").mockImplementation((line) => void complained.push(String(line)));
});

afterEach(() => {
  printed.length = complained.length = 0;
  vi.restoreAllMocks();
  vi.clearAllMocks();
});

/** Runs the program; gives its exit code. */
async function run(...args: readonly string[]): Promise<typeof process.exitCode> {
  const { argv, exitCode } = process;
  process.argv = [...argv.slice(0, 2), ...args];
  try {
    await import("./main.ts");
    return process.exitCode;
  } finally {
    process.argv = argv;
    process.exitCode = exitCode;
  }
}

test("What makes no sense is answered with what is wrong and where help is, and nothing is written", async () => {
  const wrong: readonly (readonly [RegExp, ...string[]])[] = [
    [/^Unknown option '--rouds'/, "--rouds"],
    [/^--rounds: .*not 0$/, "--rounds", "0"],
    [/^--node: \/nonexistent is not a Node/, "--node", "/nonexistent"],
    [/^--only: .* has "nothing" in its name$/, "--only", "nothing"],
    [/^--only: .* has "heartbeat-10000" in/, "--check", "--only", "heartbeat-10000"],
    [/^--only: .* has "nothing" in its name$/, "--list", "--only", "nothing"],
  ];
  for (const [said, ...args] of wrong) {
    complained.length = 0;
    vi.resetModules();
    expect(await run(...args), `with ${args.join(" ")}`).toBe(2);
    const [first, ...others] = complained.join("\n").split("\n");
    expect(first).toMatch(said);
    expect(others).toEqual(["For help: pnpm benchmark --help"]);
  }
  expect(writeTo).not.toHaveBeenCalled();
});

test("The list has what would be measured", async () => {
  expect(await run("--list", "--browser", "--only", "echo")).toBe(undefined);
  expect(printed).toEqual([expect.stringMatching(/^chromium-echo-text-64b +round trip/)]);
});

const works = ["--only", "echo-text-64b", "--only", "import"] as const;
const isBroken = new Error("the work broke");

test("Works that broke are named, fail the run, and leave the others to be published", async () => {
  const samples = { ws: [{ import: 10 }], tungstenite: [{ import: 12 }] };
  vi.mocked(measure).mockImplementation(({ id }) =>
    id === "import" ? Promise.resolve({ id, samples }) : Promise.reject(isBroken),
  );
  expect(await run("--publish", ...works)).toBe(1);
  expect(complained.join("\n")).toContain("NOT MEASURED, for they failed: echo-text-64b;");
  expect(vi.mocked(publish).mock.lastCall?.[0].works.map(({ id }) => id)).toEqual(["import"]);
  expect(vi.mocked(publish).mock.lastCall?.[0].versions).toHaveProperty("ws");
});

test("Where every work broke nothing takes the place of what was there", async () => {
  vi.mocked(measure).mockRejectedValue(isBroken);
  expect(await run("--publish", ...works)).toBe(1);
  expect(writeTo).not.toHaveBeenCalled();
  expect(publish).not.toHaveBeenCalled();
});
