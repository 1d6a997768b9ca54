import http, { type IncomingMessage } from "node:http";
import https, { type ServerOptions } from "node:https";
import net, { type Socket } from "node:net";
import { listen } from "rig/listen";

/** What a proxy saw. */
export interface TestProxy {
  readonly port: number;
  /** `host:port` of every tunnel asked for. */
  readonly targets: string[];
  /** Who asked: the value of `Proxy-Authorization`, or `user:password` with SOCKS. */
  readonly credentials: (string | undefined)[];
}

/** An HTTP CONNECT proxy that leads every tunnel to `port`, or answers with `refusal`. */
export async function connectProxy(
  port: number,
  { tls, refusal }: { readonly tls?: ServerOptions; readonly refusal?: string } = {},
): Promise<TestProxy> {
  const proxy = { port: 0, targets: [] as string[], credentials: [] as (string | undefined)[] };
  const server = tls ? https.createServer(tls) : http.createServer();
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    proxy.targets.push(request.url ?? "");
    proxy.credentials.push(request.headers["proxy-authorization"]);
    if (refusal === undefined) tunnel(socket, port, "HTTP/1.1 200 Connection established\r\n\r\n");
    else if (refusal) socket.end(refusal);
  });
  return Object.assign(proxy, { port: await listen(server) });
}

/** A SOCKS 4, 4a and 5 proxy (RFC 1928, RFC 1929) that leads every tunnel to `port`; `mute` never answers. */
export async function socksProxy(
  port: number,
  {
    password,
    mute,
    reply = 0,
  }: { readonly password?: string; readonly mute?: boolean; readonly reply?: number } = {},
): Promise<TestProxy> {
  const proxy = { port: 0, targets: [] as string[], credentials: [] as (string | undefined)[] };
  const server = net.createServer((socket) => {
    let step = password === undefined ? "request" : "password";
    socket.once("data", (hello: Buffer) => {
      if (mute) return;
      if (hello[0] === 4) {
        const user = hello.indexOf(0, 8);
        const name = hello.subarray(user + 1, hello.indexOf(0, user + 1)).toString();
        const isName = hello.readUInt32BE(4) < 256;
        proxy.targets.push(
          `${isName ? name : hello.subarray(4, 8).join(".")}:${hello.readUInt16BE(2)}`,
        );
        proxy.credentials.push(hello.subarray(8, user).toString());
        tunnel(socket, port, Buffer.from([0, 90, 0, 0, 0, 0, 0, 0]));
        return;
      }
      socket.on("data", talk);
      socket.write(Buffer.from([5, password === undefined ? 0 : 2]));
    });
    const talk = (data: Buffer): void => {
      if (step === "password") {
        const length = data[1] ?? 0;
        const user = data.subarray(2, 2 + length).toString();
        const given = data.subarray(3 + length).toString();
        proxy.credentials.push(`${user}:${given}`);
        step = "request";
        socket.write(Buffer.from([1, given === password ? 0 : 1]));
        return;
      }
      socket.off("data", talk);
      const host = data[3] === 3 ? data.subarray(5, -2).toString() : data.subarray(4, -2).join(".");
      proxy.targets.push(`${host}:${data.readUInt16BE(data.length - 2)}`);
      const answer = Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]);
      if (reply === 0) tunnel(socket, port, answer);
      else socket.end(answer);
    };
  });
  return Object.assign(proxy, { port: await listen(server) });
}

function tunnel(socket: Socket, port: number, answer: string | Buffer): void {
  const upstream = net.connect(port, "127.0.0.1", () => {
    socket.write(answer);
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on("error", () => socket.destroy());
  upstream.on("close", () => socket.destroy());
  socket.on("error", () => upstream.destroy());
  socket.on("close", () => upstream.destroy());
}
