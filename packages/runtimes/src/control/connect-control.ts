import type { Answer, Call, Commands, RuntimePeer, RuntimeServer } from "./commands.ts";
import { decodeFrame, encodeFrame } from "./frame.ts";

/** The line to the process with the servers. */
export interface Control {
  /** A new server in that process. */
  server(): Promise<RuntimeServer>;
  report(report: unknown): Promise<void>;
  close(): void;
}

/**
 * Opens the line. It needs nothing but a `WebSocket`, so that it works in every runtime.
 *
 * @param Socket - the class for the line itself @defaultValue the platform's
 */
export function connectControl(
  url: string,
  Socket: typeof WebSocket = globalThis.WebSocket,
): Promise<Control> {
  return new Promise((resolve, reject) => {
    const line = new Line(new Socket(url), reject);
    line.onOpen = () => resolve(control(line));
  });
}

interface Waiter {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls and answers over one socket. */
class Line {
  onOpen: (() => void) | undefined;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiter>();
  #calls = 0;
  #lost: Error | undefined;

  constructor(socket: WebSocket, onLost: (error: Error) => void) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.onOpen?.());
    socket.addEventListener("message", ({ data }) => {
      this.#settle(decodeFrame(new Uint8Array(data as ArrayBuffer)) as Answer);
    });
    // Some runtimes tell a failed connect by `error` alone.
    for (const type of ["error", "close"] as const) {
      socket.addEventListener(type, () => {
        this.#lost = new Error("The line to the servers was lost");
        onLost(this.#lost);
        for (const { reject } of this.#waiting.values()) reject(this.#lost);
        this.#waiting.clear();
      });
    }
  }

  call<K extends keyof Commands>(
    name: K,
    ...args: Parameters<Commands[K]>
  ): ReturnType<Commands[K]> {
    const answer = new Promise<unknown>((resolve, reject) => {
      if (this.#lost) return reject(this.#lost);
      const call: Call = { id: ++this.#calls, name, args };
      this.#waiting.set(call.id, { resolve, reject });
      this.#socket.send(encodeFrame(call));
    });
    return answer as ReturnType<Commands[K]>;
  }

  close(): void {
    this.#socket.close();
  }

  #settle({ id, value, error }: Answer): void {
    const waiter = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiter?.resolve(value);
    else waiter?.reject(new Error(error));
  }
}

function control(line: Line): Control {
  return {
    server: async () => server(line, await line.call("openServer")),
    report: (report) => line.call("report", report),
    close: () => line.close(),
  };
}

function server(
  line: Line,
  { id, url, nowhere }: Awaited<ReturnType<Commands["openServer"]>>,
): RuntimeServer {
  return {
    url,
    nowhere,
    answerNext: (answer) => line.call("answerNext", id, answer),
    held: () => line.call("held", id),
    nextPeer: async () => peer(line, await line.call("nextPeer", id)),
    stop: () => line.call("stop", id),
    start: () => line.call("start", id),
    close: () => line.call("closeServer", id),
  };
}

function peer(
  line: Line,
  { id, path, headers }: Awaited<ReturnType<Commands["nextPeer"]>>,
): RuntimePeer {
  return {
    path,
    headers,
    send: (message) => line.call("send", id, message),
    next: () => line.call("next", id),
    ping: (payload) => line.call("ping", id, payload),
    // JSON knows no `undefined`: what is not given must not arrive as null.
    close: (code, reason) =>
      code === undefined ? line.call("close", id) : line.call("close", id, code, reason ?? ""),
    drop: () => line.call("drop", id),
    closed: () => line.call("closed", id),
    stall: () => line.call("stall", id),
    unstall: () => line.call("unstall", id),
  };
}
