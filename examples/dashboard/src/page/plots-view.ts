import type { Span } from "../model/lanes.ts";
import type { Samples } from "../model/samples.ts";
import { element, write } from "./element.ts";
import { plot } from "./plot.ts";

/** The three plots over time and their readings. */
export interface PlotsView {
  draw(samples: Samples, outages: readonly Span[], now: number): void;
  /** Takes over the colours of another theme. */
  redraw(): void;
}

/** Plots of the last `window` milliseconds. `capacity` is that of the send queue, messages. */
export function plotsView(window: number, capacity: number): PlotsView {
  const rate = plot({ id: "plot-rate", colour: "--rate", window, least: 20 });
  const roundTrip = plot({
    id: "plot-round-trip",
    colour: "--round-trip",
    window,
    least: 50,
    unit: "ms",
  });
  const depth = plot({
    id: "plot-depth",
    colour: "--queue",
    window,
    least: capacity,
    isStepped: true,
  });
  const readings = {
    rate: element("rate", HTMLElement),
    roundTrip: element("round-trip", HTMLElement),
    depth: element("depth", HTMLElement),
  };
  return {
    draw(samples, outages, now) {
      const { times, rates, roundTrips, depths } = samples.columns();
      rate.draw(times, rates, outages, now);
      roundTrip.draw(times, roundTrips, outages, now);
      depth.draw(times, depths, outages, now);
      const trip = samples.last?.roundTrip;
      write(readings.rate, samples.rate === null ? "–" : samples.rate.toFixed(0));
      write(readings.roundTrip, typeof trip === "number" ? `${trip.toFixed(0)} ms` : "–");
      write(readings.depth, `${samples.last?.queued ?? 0} of ${capacity}`);
    },
    redraw() {
      rate.redraw();
      roundTrip.redraw();
      depth.redraw();
    },
  };
}
