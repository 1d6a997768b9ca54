import { once } from "node:events";
import net from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { systemClock } from "@stream-tungstenite/core";
import type { Clock } from "@stream-tungstenite/core";
import { onTestFinished } from "vitest";
import { Pipe } from "./pipe.ts";
import type { Traffic } from "./pipe.ts";

/** One connection that leads through the proxy. */
interface Pair {
  /** Towards the client, and towards the server. */
  readonly near: Socket;
  readonly far: Socket;
  readonly up: Pipe;
  readonly down: Pipe;
}

/** A TCP proxy that misbehaves as it is told. Its faults hold for the connections of now, and traffic for all. */
export class FaultProxy {
  readonly #target: number;
  readonly #clock: Clock;
  readonly #pairs = new Set<Pair>();
  readonly #traffic: Traffic = { latency: 0, rate: 0, stalled: false };
  #server: Server | undefined;
  #port = 0;

  private constructor(target: number, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
  }

  /** Starts one in front of a port of 127.0.0.1; it ends with the test. */
  static async start(target: number, clock: Clock = systemClock): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, clock);
    onTestFinished(() => proxy.refuse());
    await proxy.accept();
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/`;
  }

  /** Delays all that passes by so many milliseconds in each direction. */
  latency(milliseconds: number): void {
    this.#traffic.latency = milliseconds;
  }

  /** Lets so many bytes a second pass in each direction; 0 is no limit. */
  throttle(bytesPerSecond: number): void {
    this.#traffic.rate = bytesPerSecond;
  }

  /** Nothing passes any more, nothing is read; new connections are accepted and get nothing either. */
  stall(): void {
    this.#traffic.stalled = true;
  }

  /** All passes again. */
  flow(): void {
    this.#traffic.stalled = false;
    for (const { up, down } of this.#pairs) {
      up.pump();
      down.pump();
    }
  }

  /** Cuts all connections with RST on both sides. */
  reset(): void {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** Ends the direction towards the clients with FIN and goes on passing what they send. */
  halfClose(): void {
    for (const { down } of this.#pairs) down.finish();
  }

  /** Cuts what next goes to the clients (`down`) or to the server (`up`) after so many bytes; FIN on both sides. */
  truncate(direction: "up" | "down", bytes: number): void {
    for (const pair of this.#pairs) {
      pair[direction].cutAfter(bytes, () => {
        pair.near.end();
        pair.far.end();
      });
    }
  }

  /** Stops listening, so that dials are refused, and cuts all connections. */
  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = once(server, "close");
    server.close();
    this.reset();
    await closed;
  }

  /** Listens, again on the same port. */
  async accept(): Promise<void> {
    const server = net.createServer({ allowHalfOpen: true }, (near) => this.#pair(near));
    this.#server = server;
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#port = (server.address() as AddressInfo).port;
  }

  #pair(near: Socket): void {
    const far = net.connect({ port: this.#target, host: "127.0.0.1", allowHalfOpen: true });
    const up = new Pipe(near, far, this.#traffic, this.#clock);
    const down = new Pipe(far, near, this.#traffic, this.#clock);
    const pair = { near, far, up, down };
    this.#pairs.add(pair);
    // Either end with both: what one side refuses, or resets, the other shall see.
    const couple = (one: Socket, other: Socket): void => {
      one.on("error", () => other.resetAndDestroy());
      one.on("close", () => {
        other.destroy();
        up.stop();
        down.stop();
        this.#pairs.delete(pair);
      });
    };
    couple(near, far);
    couple(far, near);
  }
}
