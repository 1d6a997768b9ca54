import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { repeat } from "../load/connection.ts";
import { nextTurn } from "../clock.ts";
import { frame, opcodes, textFrame } from "../load/frame.ts";
import { payloadText } from "../load/payload-text.ts";
import { serverFrame } from "../load/payload.ts";
import type { Extent, Sample, Traffic } from "../task.ts";
import type { Context } from "./context.ts";
import { Progress } from "./progress.ts";
import { totalOf } from "./receive.ts";
import { marksOf } from "./send.ts";

import { trafficQuery } from "./traffic.ts";

type Rated = Traffic & { readonly extent: Extent };

/** Takes what the server sends without looking at it: the rate that the server can reach. */
export async function rawReceive(task: Rated, context: Context): Promise<Sample> {
  const { size, data, dialect, deflate, extent } = task;
  const { length } = serverFrame(data, dialect, size, deflate);
  const progress = new Progress(extent, context.start);
  const query = { ...trafficQuery(task), total: totalOf(extent) };
  const socket = await dial(context.url("receive", query));
  let bytes = 0;
  socket.write(frame(opcodes.text, Buffer.from("begin"), { masked: true }));
  return new Promise((resolve) => {
    socket.on("data", (chunk) => {
      bytes += chunk.length;
      while (bytes >= progress.next * length) {
        const sample = progress.reach();
        if (sample === undefined) continue;
        socket.destroy();
        resolve(sample);
      }
    });
  });
}

/** Sends frames that were encoded beforehand: the rate that the server can count. */
export async function rawSend(task: Rated, context: Context): Promise<Sample> {
  const { size, data, extent } = task;
  const one = frame(opcodes[data], Buffer.from(payloadText(size)), { masked: true });
  const block = repeat(one, Math.max(1, Math.floor(65_536 / one.length)));
  const progress = new Progress(extent, context.start);
  const socket = await dial(context.url("count", { ...trafficQuery(task), ...marksOf(extent) }));
  const { length } = textFrame("reached");
  let sample: Sample | undefined;
  let bytes = 0;
  socket.on("data", (chunk) => {
    for (bytes += chunk.length; bytes >= length; bytes -= length) sample ??= progress.reach();
  });
  while (sample === undefined) {
    if (!socket.write(block)) await once(socket, "drain");
    // What the server says is heard between two turns.
    await nextTurn();
  }
  socket.destroy();
  return sample;
}

/** The opening handshake by hand. */
async function dial(url: string): Promise<Socket> {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(
    [
      `GET ${pathname}${search} HTTP/1.1`,
      `Host: ${hostname}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${Buffer.from("sixteen bytes ok").toString("base64")}`,
      "\r\n",
    ].join("\r\n"),
  );
  const [answer] = (await once(socket, "data")) as [Buffer];
  if (!answer.toString().startsWith("HTTP/1.1 101"))
    throw new Error(`refused: ${answer.toString()}`);
  return socket;
}
