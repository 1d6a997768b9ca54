import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { display, type Display } from "./display.ts";
import { retry } from "./retry-clock.ts";
import type { Size } from "./viewport.ts";

/** Where the programs are. */
export interface WebKitPrograms {
  readonly browser: string;
  readonly driver: string;
  /** A display such as `:0`, or the path of Xvfb to start one. */
  readonly display: string;
}

/** A WebKitGTK browser with one page, driven over classic WebDriver. */
export interface WebDriver {
  /** The browser's. */
  readonly version: string;
  goto(url: string): Promise<void>;
  resize(size: Size): Promise<void>;
  close(): Promise<void>;
}

/** Starts display, driver and browser. */
export async function webDriver(programs: WebKitPrograms): Promise<WebDriver> {
  const screen = await display(programs.display);
  const port = await freePort();
  const driver = spawn(programs.driver, ["-p", `${port}`], {
    stdio: "ignore",
    env: { ...process.env, ...screen.environment },
  });
  try {
    const request = requests(port);
    // The driver tells nobody when it listens.
    await retry(
      () => request("GET", "/status"),
      () => isAlive(driver),
    );
    const { sessionId, capabilities } = (await request(
      "POST",
      "/session",
      sessionWith(programs.browser),
    )) as Session;
    const session = `/session/${sessionId}`;
    return {
      version: capabilities.browserVersion,
      goto: async (url) => void (await request("POST", `${session}/url`, { url })),
      resize: async (size) => void (await request("POST", `${session}/window/rect`, size)),
      async close() {
        try {
          await request("DELETE", session);
        } finally {
          await end(driver, screen);
        }
      },
    };
  } catch (error) {
    await end(driver, screen);
    throw error;
  }
}

interface Session {
  readonly sessionId: string;
  readonly capabilities: { readonly browserVersion: string };
}

function sessionWith(binary: string): object {
  const browser = { binary, args: ["--automation"] };
  return { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": browser } } };
}

type Request = (method: string, path: string, body?: object) => Promise<unknown>;

function requests(port: number): Request {
  return async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
    const { value } = (await response.json()) as { readonly value: unknown };
    if (!response.ok) throw new Error(`WebDriver ${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };
}

async function end(driver: ChildProcess, screen: Display): Promise<void> {
  if (isAlive(driver) && driver.kill()) await once(driver, "exit");
  await screen.close();
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
