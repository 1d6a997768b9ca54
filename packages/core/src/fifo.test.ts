import { describe, expect, test } from "vitest";
import { Fifo } from "./fifo.ts";
import { seededRandom } from "./testing/index.ts";

describe("Fifo", () => {
  test("is empty at first", () => {
    const fifo = new Fifo<number>();
    expect(fifo.length).toBe(0);
    expect(fifo.peek()).toBeUndefined();
    expect(fifo.shift()).toBeUndefined();
    expect(fifo.clear()).toEqual([]);
  });

  test("gives back in order, also around the end of its ring", () => {
    const fifo = new Fifo<number>();
    for (let n = 0; n < 12; n++) fifo.push(n);
    for (let n = 0; n < 10; n++) expect(fifo.shift()).toBe(n);
    for (let n = 12; n < 40; n++) fifo.push(n);
    for (let n = 10; n < 40; n++) expect(fifo.shift()).toBe(n);
    expect(fifo.length).toBe(0);
  });

  test("is empty again after having grown large", () => {
    const fifo = new Fifo<number>();
    for (let n = 0; n < 3000; n++) fifo.push(n);
    while (fifo.length > 0) fifo.shift();
    expect(fifo.peek()).toBeUndefined();
    fifo.unshift(1);
    fifo.push(2);
    expect(fifo.clear()).toEqual([1, 2]);
  });

  test("removes some and keeps the others in order", () => {
    const fifo = new Fifo<number>();
    for (let n = 0; n < 7; n++) fifo.push(n);
    expect(fifo.remove((n) => n % 3 === 1)).toEqual([1, 4]);
    expect(fifo.clear()).toEqual([0, 2, 3, 5, 6]);
  });

  test("does what a plain array does, in any order of calls", () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = seededRandom(seed);
      const fifo = new Fifo<number>();
      let model: number[] = [];
      const answers: unknown[] = [];
      const wanted: unknown[] = [];
      // Seeds differ in how full the queue gets.
      const pushes = 0.3 + 0.5 * random();
      for (let n = 0; n < 400; n++) {
        const dice = random();
        if (dice < pushes) model.push((fifo.push(n), n));
        else if (dice < pushes + 0.05) model.unshift((fifo.unshift(n), n));
        else if (dice > 0.98) {
          const divisor = 2 + Math.floor(random() * 5);
          answers.push(fifo.remove((item) => item % divisor === 0));
          wanted.push(model.filter((item) => item % divisor === 0));
          model = model.filter((item) => item % divisor !== 0);
        } else if (dice > 0.975) {
          answers.push(fifo.clear());
          wanted.push(model);
          model = [];
        } else {
          answers.push(fifo.shift());
          wanted.push(model.shift());
        }
        answers.push(fifo.length, fifo.peek());
        wanted.push(model.length, model[0]);
      }
      expect(answers).toEqual(wanted);
      expect(fifo.clear()).toEqual(model);
    }
  });
});
