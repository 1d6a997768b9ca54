import type { Page } from "puppeteer-core";
import { contrast, over, type Rgba } from "./contrast.ts";

/** A text of the page, its colour, and all that may stand behind it, the farthest first. */
interface TextSample {
  readonly text: string;
  readonly colour: Rgba;
  /** Each layer with the colours it has; more than one in a gradient. */
  readonly layers: readonly (readonly Rgba[])[];
}

/** The texts whose contrast is below 4.5, as WCAG 2.2 (1.4.3) wants it for text of every size. */
export async function unreadableTexts(page: Page): Promise<readonly string[]> {
  // A colour on its way from one theme to the next says nothing.
  await settled(page);
  const samples: readonly TextSample[] = await page.evaluate(collectTexts);
  return samples.flatMap(({ text, colour, layers }) => {
    const worst = grounds(layers).map((ground) => contrast(over(colour, ground), ground));
    const ratio = Math.min(...worst);
    return ratio >= 4.5 ? [] : [`${text}: ${ratio.toFixed(2)}`];
  });
}

/** Resolves when every transition is over. */
export function settled(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const passing = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(passing.map(({ finished }) => finished));
  });
}

/** Every colour that the layers may make together. */
function grounds(layers: TextSample["layers"]): readonly Rgba[] {
  return layers.reduce<readonly Rgba[]>(
    (below, layer) => below.flatMap((ground) => layer.map((colour) => over(colour, ground))),
    [[255, 255, 255, 1]],
  );
}

/** Controls that a keyboard or a screen reader would stumble on, each with what is wrong. */
export function controlFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const nameOf = (control: Element): string => {
      const ids = control.getAttribute("aria-labelledby")?.split(" ") ?? [];
      const named = ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
      const labels = [...((control as HTMLInputElement).labels ?? [])];
      const label = labels.map(({ textContent }) => textContent).join(" ");
      const own = control.textContent ?? "";
      return (named || control.getAttribute("aria-label") || label || own).trim();
    };
    const faults: string[] = [];
    for (const control of document.querySelectorAll<HTMLElement>(
      "button, input, select, textarea, a[href], [role=button], [tabindex='0']",
    )) {
      const name = nameOf(control);
      const what = `${control.tagName.toLowerCase()} ${control.id || name}`;
      if (!/\p{L}/u.test(name)) faults.push(`${what} has no name`);
      if (control.tabIndex < 0) faults.push(`${what} is out of the keyboard's reach`);
      const { width, height } = control.getBoundingClientRect();
      if (Math.min(width, height) < 24) faults.push(`${what} is smaller than 24 pixels`);
    }
    for (const image of document.querySelectorAll("[role=img], [role=meter], [role=group]")) {
      if (nameOf(image) === "") faults.push(`${image.id || image.className} has no name`);
    }
    return faults;
  });
}

/** Presses Tab as often as there are controls after the first; those that never had the focus. */
export async function unreachedControls(page: Page): Promise<readonly string[]> {
  const count = await page.evaluate(() => {
    const controls = document.querySelectorAll<HTMLElement>(
      "button:not(:disabled), input, a[href], [tabindex='0']",
    );
    for (const control of controls) control.dataset["unreached"] = "";
    addEventListener(
      "focusin",
      ({ target }) => delete (target as HTMLElement).dataset["unreached"],
    );
    controls[0]?.focus();
    return controls.length;
  });
  for (let presses = 0; presses < count - 1; presses++) await page.keyboard.press("Tab");
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-unreached]")].map(
      ({ id, textContent }) => id || (textContent ?? ""),
    ),
  );
}

/** Runs in the page. */
function collectTexts(): TextSample[] {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  /** Whatever notation a colour has: painted, it is four numbers. */
  const rgba = (colour: string): Rgba => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [r!, g!, b!, alpha! / 255];
  };
  const coloursIn = (value: string): string[] =>
    value.match(/(?:rgba?|color|oklab|oklch|lab|lch)\([^()]*\)/g) ?? [];

  const samples: TextSample[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { currentNode } = walker;
    const text = currentNode.textContent!.trim();
    const holder = currentNode.parentElement!;
    const isHidden = holder.getBoundingClientRect().width <= 1;
    if (text === "" || isHidden) continue;
    const layers: Rgba[][] = [];
    for (let each: Element | null = holder; each !== null; each = each.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(each);
      const stops = coloursIn(backgroundImage);
      if (stops.length > 0) layers.unshift(stops.map(rgba));
      layers.unshift([rgba(backgroundColor)]);
    }
    samples.push({ text, colour: rgba(getComputedStyle(holder).color), layers });
  }
  return samples;
}
