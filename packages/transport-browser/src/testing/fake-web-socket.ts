import type { ConnectRequest } from "@stream-tungstenite/core";
import { manualClock, type ManualClock } from "@stream-tungstenite/core/testing";
import { BrowserConnection } from "../browser-connection.ts";
import type { Settings } from "../settings.ts";
import type { WebSocketEvent, WebSocketLike } from "../web-socket.ts";
import { Recorder, request } from "./recorder.ts";

/** A socket that does nothing by itself: the test is its platform. */
export class FakeWebSocket implements WebSocketLike {
  binaryType = "blob";
  readyState = 0;
  bufferedAmount: number = 0;
  protocol = "";
  extensions = "";
  readonly url: string;
  readonly init: unknown;
  readonly sent: unknown[] = [];
  readonly closes: unknown[] = [];
  readonly #listeners: (readonly [type: string, (event: WebSocketEvent) => void])[] = [];

  constructor(url: string, init: unknown) {
    this.url = url;
    this.init = init;
  }

  send(message: unknown): void {
    this.sent.push(message);
  }

  close(...args: readonly unknown[]): void {
    this.closes.push(args);
    if (this.readyState < 2) this.readyState = 2;
  }

  addEventListener(type: string, listener: (event: WebSocketEvent) => void): void {
    this.#listeners.push([type, listener]);
  }

  /** Fires an event of the platform's, in a state of the platform's. */
  fire(type: string, event: object = {}, readyState: number = this.readyState): void {
    this.readyState = readyState;
    for (const [wanted, listener] of this.#listeners) {
      if (wanted === type) listener(event as WebSocketEvent);
    }
  }

  open(): void {
    this.fire("open", {}, 1);
  }
}

/** A dial with fake sockets, observed. */
export interface FakeDial {
  readonly connection: BrowserConnection;
  /** Sockets made so far; one, unless the dial was given up before. */
  readonly sockets: readonly FakeWebSocket[];
  readonly socket: FakeWebSocket;
  readonly told: Recorder;
  readonly clock: ManualClock;
}

/** What may differ from an ordinary dial. */
export interface FakeDialOptions extends Partial<ConnectRequest> {
  readonly headers?: Settings["headers"];
  /** Changes a socket as it is made, or throws instead. */
  readonly make?: (socket: FakeWebSocket) => void;
}

export function fakeDial({ headers, make, ...given }: FakeDialOptions = {}): FakeDial {
  const sockets: FakeWebSocket[] = [];
  class WebSocket extends FakeWebSocket {
    constructor(url: string, init: object) {
      super(url, init);
      make?.(this);
      sockets.push(this);
    }
  }
  const told = new Recorder();
  const clock = manualClock();
  const settings = { WebSocket, headers, name: "browser" };
  const connection = new BrowserConnection(request(given), told, clock, settings).start();
  return {
    connection,
    sockets,
    get socket() {
      const [socket] = sockets;
      if (!socket) throw new Error("No socket was made");
      return socket;
    },
    told,
    clock,
  };
}

/** A dial that is open already. */
export function openDial(options?: FakeDialOptions): FakeDial {
  const dial = fakeDial(options);
  dial.socket.open();
  return dial;
}
