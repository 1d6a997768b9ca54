import { expect, it } from "vitest";
import { fineClock } from "../clock.ts";
import { pageDirectory } from "../testing/page-directory.ts";
import { main } from "./main.ts";

async function run(page: string, ...argv: string[]) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const result = await main({
    argv,
    environment: {},
    clock: fineClock,
    page,
    print: (text) => printed.push(text),
    complain: (text) => complaints.push(text),
  });
  return { result, printed: printed.join(""), complaints: complaints.join("") };
}

it("prints where the dashboard is, and says when the port is taken", async () => {
  using page = pageDirectory({ "index.html": "<p>hello</p>" });
  const { result: server, printed } = await run(page.path, "--port", "0");
  if (typeof server === "number") throw new Error("The server did not start");
  try {
    expect(printed).toContain(`The dashboard is at ${server.url}\n`);
    expect(await (await fetch(server.url)).text()).toBe("<p>hello</p>");
    const { result, complaints } = await run(page.path, "--port", String(server.port));
    expect(result).toBe(1);
    expect(complaints).toBe(
      `dashboard: port ${server.port} is taken; choose another with --port N or PORT=N, 0 for any free one\n`,
    );
  } finally {
    await server.stop();
  }
});

it("does not start without a page, or with a wrong command line", async () => {
  using page = pageDirectory({});
  expect(await run(page.path, "--port", "0")).toMatchObject({
    result: 1,
    complaints: expect.stringContaining("The page is not built"),
  });
  expect(await run(page.path, "--port", "x")).toMatchObject({
    result: 2,
    complaints: expect.stringContaining("Run with --help"),
  });
  expect(await run(page.path, "--help")).toMatchObject({
    result: 0,
    printed: expect.stringContaining("Usage"),
  });
});
