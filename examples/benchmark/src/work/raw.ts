import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { repeat } from "../load/connection.ts";
import { frame, opcodes } from "../load/frame.ts";
import { payloadText } from "../load/payload-text.ts";
import { serverFrame } from "../load/payload.ts";
import type { Sample, Traffic } from "../task.ts";
import type { Context, Meter } from "./context.ts";
import { trafficQuery } from "./traffic.ts";

/** Takes what the server sends without looking at it: the rate that the server can reach. */
export async function rawReceive(traffic: Traffic, context: Context): Promise<Sample> {
  const { size, data, dialect, deflate, warmUp, messages } = traffic;
  const { length } = serverFrame(data, dialect, size, deflate);
  const total = warmUp + messages;
  const socket = await dial(context.url("receive", { ...trafficQuery(traffic), total }));
  let bytes = 0;
  let meter: Meter | undefined;
  socket.write(frame(opcodes.text, Buffer.from("begin"), { masked: true }));
  return new Promise((resolve) => {
    socket.on("data", (chunk) => {
      bytes += chunk.length;
      if (!meter && bytes >= warmUp * length) meter = context.start();
      if (bytes < total * length) return;
      socket.destroy();
      resolve(meter!.end(messages));
    });
  });
}

/** Sends frames that were encoded beforehand: the rate that the server can count. */
export async function rawSend(traffic: Traffic, context: Context): Promise<Sample> {
  const { size, data, warmUp, messages } = traffic;
  const total = warmUp + messages;
  const one = frame(opcodes[data], Buffer.from(payloadText(size)), { masked: true });
  const each = Math.max(1, Math.floor(65_536 / one.length));
  const block = repeat(one, each);
  const socket = await dial(context.url("count", { ...trafficQuery(traffic), marks: total }));
  const meter = context.start();
  const done = once(socket, "data");
  for (let left = total; left > 0; left -= each) {
    const bytes = left < each ? block.subarray(0, left * one.length) : block;
    if (!socket.write(bytes)) await once(socket, "drain");
  }
  await done;
  socket.destroy();
  return meter.end(total);
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
