import { Buffer } from "node:buffer";
import { browserTransport } from "@stream-tungstenite/transport-browser";
import { describe, expect, test } from "vitest";
import { WebSocket as Installed } from "ws";
import { closeFrame, frame, opcode } from "rig/frame";
import { invalidUtf8 } from "./invalid-utf8.ts";
import { rawServer, type RawConnection } from "./raw-server.ts";
import { judged } from "./verdict.ts";

// Node's own class where there is one; Node 20 has none, and takes the one of `ws`.
const { WebSocket = Installed } = globalThis as { readonly WebSocket?: unknown };
const transport = browserTransport({ WebSocket });
/** The class of Node 22 drops a text that is not UTF-8 and still gives what came with it, before it closes. */
const closesLate = WebSocket !== Installed && process.versions.node.startsWith("22.");

describe("over the platform's WebSocket a frame that breaks the protocol ends the connection", () => {
  const { text, continuation, ping, close } = opcode;

  test.each<readonly [name: string, bytes: Buffer]>([
    ["reserved bits", frame(text, "x", { rsv: 7 })],
    ["a reserved opcode", frame(3, "x")],
    ["a masked frame", frame(text, "x", { masked: true })],
    ["a continuation of nothing", frame(continuation, "x")],
    ["a fragmented ping", frame(ping, "x", { fin: false })],
    ["a ping of 126 bytes", frame(ping, "x".repeat(126))],
    ["a close of one byte", frame(close, [3])],
    ["a close code that never travels", closeFrame(1006)],
    ["a close reason that is not UTF-8", closeFrame(1000, [0xff])],
    ["a length that no memory has", frame(text, [], { length: 2n ** 62n, lengthBytes: 8 })],
    ...invalidUtf8.map(([name, bytes]) => [`text with ${name}`, frame(text, bytes)] as const),
  ])("%s", async (name, bytes) => {
    const server = await rawServer((connection) => {
      connection.upgrade();
      connection.endAtClose();
      connection.socket.write(Buffer.concat([frame(text, "before"), bytes, frame(text, "behind")]));
    });
    const { cause, messages } = await judged(server.url, transport);
    expect(cause).toMatchObject({ code: "CONNECTION_LOST" });
    const isLate = closesLate && name.startsWith("text with ");
    expect(messages.includes("behind"), "what stands behind the fault is delivered").toBe(isLate);
    expect(messages.filter((message) => message !== "before" && message !== "behind")).toEqual([]);
    expect(server.connections).toHaveLength(1);
    await server.connections[0]!.gone;
  });
});

describe("over the platform's WebSocket a dial fails, and a retry may help, when the server", () => {
  test.each<readonly [name: string, act: (connection: RawConnection) => void]>([
    ["talks nonsense", ({ socket }) => socket.end("\u0000\u0001nonsense\r\n\r\n")],
    ["hangs up", ({ socket }) => socket.destroy()],
    [
      "shows a web page",
      ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
    ],
    [
      "gives a wrong Sec-WebSocket-Accept",
      ({ socket }) =>
        socket.write(
          "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
        ),
    ],
    ["chooses a subprotocol unasked", (c) => c.upgrade("Sec-WebSocket-Protocol: evil")],
    ["chooses an extension unasked", (c) => c.upgrade("Sec-WebSocket-Extensions: x-evil")],
    [
      "has headers without end",
      (connection) => {
        connection.socket.write("HTTP/1.1 101 x\r\nX-Endless: ");
        connection.flood(Buffer.alloc(2 ** 16, "a"), 2 ** 29);
      },
    ],
  ])("%s", async (_, act) => {
    const server = await rawServer(act);
    const { cause, wasWorthARetry, messages } = await judged(server.url, transport);
    expect(cause).toMatchObject({ code: "CONNECT", phase: "unknown", retryable: true });
    expect(wasWorthARetry).toBe(true);
    expect(messages).toEqual([]);
    await server.connections[0]!.gone;
    expect(server.connections[0]!.sent).toBeLessThan(2 ** 25);
  });
});
