import { existsSync, readdirSync, readFileSync } from "node:fs";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { declaredOptions } from "./declared-options.ts";
import { anyValue, hostileValues } from "./hostile-values.ts";
import type { Kind } from "./option-kinds.ts";
import { owners, type Owner } from "./option-table.ts";
import { faultsOf, refusal } from "./refusal.ts";

/** The least that the owner takes. */
const required = ({ options, required: names = [] }: Owner): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, options[name]!.good]));

const show = (value: unknown): string => inspect(value, { depth: 1 }).slice(0, 100);

/** One error at once, which lists faults and names each of these options; short. */
function expectRefusal(error: unknown, names: readonly string[], given: () => string): void {
  const faults = faultsOf(error);
  if (names.length === 0) return;
  expect(
    faults.length,
    `${given()} gave ${String(error && (error as Error).stack)}`,
  ).toBeGreaterThan(0);
  for (const name of names) {
    expect(
      faults.filter((fault) => fault.includes(name)),
      `${given()} must be told`,
    ).not.toEqual([]);
  }
  for (const fault of faults)
    expect(fault.length, `${fault.slice(0, 200)} is short`).toBeLessThan(400);
  expect((error as Error).message).toContain(faults[0]);
}

describe.each(owners)("$call", (owner) => {
  const entries = Object.entries(owner.options);

  test("has the options of the table, and no others", () => {
    expect(Object.keys(owner.options).toSorted()).toEqual(
      [...declaredOptions(owner.file, owner.type)].toSorted(),
    );
  });

  test("takes what it should, and undefined for absent", async () => {
    const good = Object.fromEntries(entries.map(([name, kind]) => [name, kind.good]));
    const absent = Object.fromEntries(entries.map(([name]) => [name, undefined]));
    for (const given of [good, { ...absent, ...required(owner) }, required(owner)]) {
      expect(faultsOf(await refusal(() => owner.make(given as never)))).toEqual([]);
    }
  });

  const restricted = entries.filter(([, { fits }]) => hostileValues.some((value) => !fits(value)));
  const hostile = ({ fits }: Kind): fc.Arbitrary<unknown> =>
    anyValue.filter((value) => value !== undefined && !fits(value));

  test.each(restricted)("refuses any other %s at once", async (name, kind) => {
    const misfits = hostileValues.filter((value) => !kind.fits(value));
    const check = async (value: unknown): Promise<void> => {
      const options = { ...required(owner), [name]: value };
      const error = await refusal(() => owner.make(options as never));
      expectRefusal(error, [name], () => `${name}: ${show(value)}`);
    };
    for (const value of misfits) await check(value);
    await fc.assert(fc.asyncProperty(hostile(kind), check), { numRuns: 20 });
  });

  test("tells all that is wrong in one error", async () => {
    const records = fc.record(
      Object.fromEntries(
        restricted
          .filter(([name]) => !owner.readLast?.includes(name))
          .map(([name, kind]) => [name, hostile(kind)]),
      ),
      {
        requiredKeys: [],
      },
    );
    await fc.assert(
      fc.asyncProperty(records, async (faulty) => {
        const options = { ...required(owner), ...faulty };
        const error = await refusal(() => owner.make(options as never));
        const right = owner.rightBeside?.(faulty) ?? [];
        const wrong = Object.keys(faulty).filter((name) => !right.includes(name));
        expectRefusal(error, wrong, () => show(faulty));
      }),
      { numRuns: 30 },
    );
  });

  test("lets the error of a getter through, at once", async () => {
    for (const name of Object.keys(owner.options)) {
      const error = new Error("the getter's own");
      const options = {
        ...required(owner),
        get [name]() {
          throw error;
        },
      };
      expect(await refusal(() => owner.make(options as never)), `of ${name}`).toBe(error);
    }
  });

  test("takes options without a prototype", async () => {
    const options = Object.assign(Object.create(null) as object, required(owner));
    expect(await refusal(() => owner.make(options as never))).toBe(null);
  });

  test("refuses options that are no object", async () => {
    const primitives = owner.takesPrimitives ? [] : [5, "text", true, 5n, Symbol("options")];
    for (const options of [null, ...primitives]) {
      const error = await refusal(() => owner.make(options as never));
      expect(error, `${show(options)} is refused`).toBeInstanceOf(Error);
      if (!owner.takesPrimitives) expectRefusal(error, [""], () => show(options));
    }
  });
});

describe.each(owners.filter(({ takesOthers }) => !takesOthers))("$call", (owner) => {
  test("refuses options that there are not", async () => {
    for (const name of ["typo", "toString", "constructor", "__proto__"]) {
      const options = { ...required(owner) };
      Object.defineProperty(options, name, { value: 5, enumerable: true });
      const error = await refusal(() => owner.make(options as never));
      expectRefusal(error, [name], () => name);
    }
  });
});

test("every object of options that a package publishes is in the table", () => {
  const root = new URL("../../../../", import.meta.url);
  const published = readdirSync(new URL("packages/", root)).flatMap((name) => {
    const file = (path: string): URL => new URL(`packages/${name}/${path}`, root);
    const index = existsSync(file("src/index.ts"))
      ? readFileSync(file("src/index.ts"), "utf8")
      : "";
    if (!index || readFileSync(file("package.json"), "utf8").includes('"private": true')) return [];
    // Types, not functions.
    return [...index.matchAll(/\b([A-Z]\w*(?:Options|Reply)|Waiting)\b/g)].map(([, name]) => name);
  });
  const covered = new Set(owners.map(({ type }) => type));
  expect(published.length).toBeGreaterThan(10);
  expect(published.filter((name) => !covered.has(name!))).toEqual([]);
});
