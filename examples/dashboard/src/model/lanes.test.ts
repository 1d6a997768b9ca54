import { expect, it } from "vitest";
import {
  closing,
  connected,
  connecting,
  greeting,
  historyOf,
  idle,
  waiting,
} from "../testing/history.ts";
import { lanes } from "./lanes.ts";

it("cuts a history into spans, the last of them open", () => {
  const history = historyOf([10, connecting], [20, greeting], [30, connected]);
  expect(lanes(history, 0, 100).states).toEqual([
    { activity: "connecting", from: 10, to: 30, isOpen: false },
    { activity: "connected", from: 30, to: 100, isOpen: true },
  ]);
});

it("counts an outage from a loss until connected again, attempts included", () => {
  const history = historyOf(
    [10, connected],
    [20, waiting(1, 5)],
    [25, connecting],
    [30, waiting(2, 5)],
    [35, connecting],
    [40, connected],
    [60, waiting(1, 5)],
  );
  expect(lanes(history, 0, 70).outages).toEqual([
    { activity: "outage", from: 20, to: 40, isOpen: false },
    { activity: "outage", from: 60, to: 70, isOpen: true },
  ]);
});

it("counts no outage before the first connection", () => {
  const history = historyOf([10, connecting], [20, waiting(1, 5)], [25, connecting]);
  expect(lanes(history, 0, 50).outages).toEqual([]);
});

it("ends an outage when the application disconnects, and shows nothing while at rest", () => {
  const history = historyOf([10, connected], [20, waiting(1, 5)], [30, closing], [40, idle]);
  const { states, outages } = lanes(history, 0, 50);
  expect(outages).toEqual([{ activity: "outage", from: 20, to: 30, isOpen: false }]);
  expect(states.at(-1)).toEqual({ activity: "waiting", from: 20, to: 30, isOpen: false });
});

it("leaves out what ended before the start, and keeps what reaches into it", () => {
  const history = historyOf(
    [10, connected],
    [20, waiting(1, 5)],
    [30, connecting],
    [40, connected],
    [50, waiting(1, 5)],
  );
  const { states, outages } = lanes(history, 45, 60);
  expect(states.map(({ activity, from }) => [activity, from])).toEqual([
    ["connected", 40],
    ["waiting", 50],
  ]);
  expect(outages.map(({ from }) => from)).toEqual([50]);
});
