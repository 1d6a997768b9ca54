/** Red, green and blue from 0 to 255, and alpha from 0 to 1. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** One colour seen through another. */
export function over([r, g, b, alpha]: Rgba, [r0, g0, b0]: Rgba): Rgba {
  const mix = (above: number, below: number): number => above * alpha + below * (1 - alpha);
  return [mix(r, r0), mix(g, g0), mix(b, b0), 1];
}

/** The contrast ratio of WCAG 2.2, from 1 to 21. */
export function contrast(one: Rgba, other: Rgba): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

/** The relative luminance of WCAG 2.2. */
function luminance([red, green, blue]: Rgba): number {
  const [r, g, b] = [red, green, blue].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
