import type { Browser, Page } from "puppeteer-core";
import { fineClock } from "../clock.ts";
import { controlFaults, settled, unreachedControls, unreadableTexts } from "./audit.ts";

/** What can be read off the page. */
export interface Sight {
  readonly title: string;
  readonly meaning: string;
  readonly condition: string;
  readonly theme: string | undefined;
  /** Activities of the spans of the timeline, oldest first. */
  readonly spans: readonly string[];
  /** The outages of the timeline, oldest first, each by when it began. */
  readonly outages: readonly string[];
  /** Newest first: `retry 1 · 412 ms · connection cut`. */
  readonly delays: readonly string[];
  readonly story: readonly string[];
  /** `ALPHA live 40.12` */
  readonly subscriptions: readonly string[];
  readonly subscriptionFault: string;
  readonly serverFault: string;
  readonly connections: number;
  readonly messages: number;
  /** Messages per second; -1 when there is no reading. */
  readonly rate: number;
  /** Milliseconds; -1 when there is no reading. */
  readonly roundTrip: number;
  readonly queued: number;
  readonly fullCells: number;
  readonly placed: number;
  readonly receipts: number;
  /** Points of the plots: rate, round trip, depth. */
  readonly points: readonly number[];
  /** Names of the buttons that are pressed in. */
  readonly pressed: readonly string[];
  /** Label of the button that connects or disconnects. */
  readonly connectionVerb: string;
  /** Id of what has the focus, else its label; `BODY` when nothing has it. */
  readonly focus: string;
  /** The page is wider than the window. */
  readonly scrollsSideways: boolean;
}

/** The dashboard in a browser, to act on and to look at. */
export interface DashboardPage {
  /** Clicks the control with this id, or the one that a selector finds. */
  press(control: string): Promise<void>;
  /** Moves the focus to this control and presses Enter. */
  enter(control: string): Promise<void>;
  /** Clicks controls one right after the other: nothing can happen in between. */
  pressAtOnce(...controls: readonly string[]): Promise<void>;
  type(id: string, text: string): Promise<void>;
  look(): Promise<Sight>;
  /** Waits until what is seen is as expected; `expected` says so in the error. */
  sees(expected: string, isSeen: (sight: Sight) => boolean): Promise<Sight>;
  resize(width: number, height: number): Promise<void>;
  reload(): Promise<void>;
  /** While `task` runs no socket of the page closes, as if its server took its time with that. */
  whileNothingCloses(task: () => Promise<void>): Promise<void>;
  /** Resolves when the browser has rendered all that was changed, and moved the focus as that demands. */
  rendered(): Promise<void>;
  /** What the next drawing of the plot with this id writes, its axes. */
  textsOf(plot: string): Promise<readonly string[]>;
  /** Whether the plot with this id has a line in the colour that its theme wants. */
  hasLineInItsColour(plot: string, property: string): Promise<boolean>;
  /** Resolves when every transition is over. */
  settled(): Promise<void>;
  unreadable(): Promise<readonly string[]>;
  controlFaults(): Promise<readonly string[]>;
  unreached(): Promise<readonly string[]>;
  /** What the console and the page complained of, but for connections that a test wanted to fail. */
  readonly complaints: readonly string[];
  readonly page: Page;
  close(): Promise<void>;
}

/** Against hangs only. Milliseconds. */
const patience = 25_000;

// How browsers report a connection that the server refused or cut: the page can neither prevent nor catch it.
const wanted =
  /WebSocket connection to .* failed|can.t establish a connection|The connection to ws:.* was interrupted|Failed to load resource/;

/** Opens the dashboard; resolves when it is loaded. */
export async function openDashboard(browser: Browser, url: string): Promise<DashboardPage> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  const complain = (text: string): void => {
    if (!wanted.test(text)) complaints.push(text);
  };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warn") complain(message.text());
  });
  page.on("pageerror", (error) => complain(String(error)));
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(url, { waitUntil: "load" });

  const look = (): Promise<Sight> => page.evaluate(readSight);
  return {
    page,
    complaints,
    look,
    press: (control) => page.click(selectorOf(control)),
    async enter(control) {
      await page.focus(selectorOf(control));
      await page.keyboard.press("Enter");
    },
    pressAtOnce: (...controls) =>
      page.evaluate((selectors) => {
        for (const selector of selectors) document.querySelector<HTMLElement>(selector)!.click();
      }, controls.map(selectorOf)),
    type: (id, text) => page.type(`#${id}`, text),
    async sees(expected, isSeen) {
      let sight = await look();
      const deadline = fineClock.now() + patience;
      while (!isSeen(sight)) {
        if (fineClock.now() > deadline) {
          throw new Error(`Never seen: ${expected}. Last seen: ${JSON.stringify(sight, null, 1)}`);
        }
        await page.evaluate(nextChange);
        sight = await look();
      }
      return sight;
    },
    resize: (width, height) => page.setViewport({ width, height }),
    async reload() {
      await page.reload({ waitUntil: "load" });
    },
    async whileNothingCloses(task) {
      await page.evaluate(holdClosing);
      await task();
      await page.evaluate(() => dispatchEvent(new Event("closing-released")));
    },
    rendered: () =>
      page.evaluate(
        () =>
          new Promise<void>((resolve) => {
            // An observer hears of a new target with the next rendering; the focus moves right after that.
            const observe = (heard: () => void): void =>
              new ResizeObserver((_, observer) => {
                observer.disconnect();
                heard();
              }).observe(document.body);
            observe(() => observe(resolve));
          }),
      ),
    textsOf: (plot) => page.evaluate(nextTexts, plot),
    hasLineInItsColour: (plot, property) => page.evaluate(findsLine, plot, property),
    settled: () => settled(page),
    unreadable: () => unreadableTexts(page),
    controlFaults: () => controlFaults(page),
    unreached: () => unreachedControls(page),
    close: () => page.close(),
  };
}

/** An id, or a selector already. */
function selectorOf(control: string): string {
  return /^[\w-]+$/.test(control) ? `#${control}` : control;
}

/** Runs in the page, which draws itself anew a few times a second: there is always another change. */
function nextChange(): Promise<void> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      resolve();
    });
    observer.observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  });
}

/** Runs in the page. */
function readSight(): Sight {
  const text = (id: string): string => document.getElementById(id)?.textContent?.trim() ?? "";
  const all = (selector: string): HTMLElement[] => [
    ...document.querySelectorAll<HTMLElement>(selector),
  ];
  const part = (parent: Element, selector: string): string =>
    parent.querySelector(selector)?.textContent?.trim() ?? "";
  const number = (shown: string): number => {
    const parsed = Number.parseFloat(shown.replaceAll(",", ""));
    return Number.isNaN(parsed) ? -1 : parsed;
  };
  const nameOf = (focused: Element | null): string =>
    focused === null
      ? "BODY"
      : focused.id || (focused.getAttribute("aria-label") ?? focused.tagName);
  const [placed = 0, receipts = 0] = text("orders").split("·").map(number);
  return {
    title: text("state-title"),
    meaning: text("state-meaning"),
    condition: text("condition"),
    theme: document.documentElement.dataset["theme"],
    spans: all("#lane-states .span").map(({ classList }) => classList[1] ?? ""),
    outages: all("#lane-outages .span.outage")
      .filter(({ offsetWidth }) => offsetWidth > 0)
      .map(({ dataset }) => dataset["key"] ?? ""),
    delays: all("#delays > li").map((row) =>
      [".attempt", ".delay", ".cause"].map((each) => part(row, each)).join(" · "),
    ),
    story: all("#story > li > span").map(({ textContent }) => textContent ?? ""),
    subscriptions: all("#subscriptions > li").map((row) =>
      [".symbol", ".standing", ".price"].map((each) => part(row, each)).join(" "),
    ),
    subscriptionFault: text("subscription-fault"),
    serverFault: text("server-fault"),
    connections: number(text("figure-connections")),
    messages: number(text("figure-messages")),
    rate: number(text("rate")),
    roundTrip: number(text("round-trip")),
    queued: number(document.getElementById("cells")?.getAttribute("aria-valuenow") ?? ""),
    fullCells: all("#cells .cell.full").length,
    placed,
    receipts,
    points: ["plot-rate", "plot-round-trip", "plot-depth"].map((id) =>
      Number(document.getElementById(id)?.dataset["points"]),
    ),
    pressed: all("[aria-pressed=true]").map(({ id }) => id),
    connectionVerb: text("connection"),
    focus: nameOf(document.activeElement),
    scrollsSideways: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  };
}

/** Runs in the page. */
function holdClosing(): void {
  const close = Object.getOwnPropertyDescriptor(WebSocket.prototype, "close")!;
  const held: (() => void)[] = [];
  WebSocket.prototype.close = function (code, reason) {
    held.push(() => this.close(code, reason));
  };
  const release = (): void => {
    Object.defineProperty(WebSocket.prototype, "close", close);
    for (const each of held) each();
  };
  addEventListener("closing-released", release, { once: true });
}

/** Runs in the page. */
async function nextTexts(plot: string): Promise<string[]> {
  const context = document.querySelector<HTMLCanvasElement>(`#${plot} canvas`)!.getContext("2d")!;
  const texts: string[] = [];
  await new Promise<void>((resolve) => {
    context.fillText = (text) => {
      // The rest of the drawing is done before whoever waits goes on.
      texts.push(text);
      resolve();
    };
  });
  Reflect.deleteProperty(context, "fillText");
  return texts;
}

/** Runs in the page. */
function findsLine(plot: string, property: string): boolean {
  const plotted = document.querySelector<HTMLCanvasElement>(`#${plot} canvas`)!;
  const { width, height } = plotted;
  const copy = document.createElement("canvas");
  copy.width = width;
  copy.height = height;
  const context = copy.getContext("2d", { willReadFrequently: true })!;
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(property);
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  context.clearRect(0, 0, width, height);
  context.drawImage(plotted, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  for (let at = 0; at < data.length; at += 4) {
    const isOpaque = data[at + 3] === 255;
    if (isOpaque && data[at] === red && data[at + 1] === green && data[at + 2] === blue) {
      return true;
    }
  }
  return false;
}
