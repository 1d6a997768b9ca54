import { createHash } from "node:crypto";
import { once } from "node:events";
import net, { type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A server's end of one TCP connection, before any protocol. */
export interface RawConnection {
  readonly socket: Socket;
  /** The request line and headers, as they came. */
  readonly head: string;
  /** Sec-WebSocket-Accept for this request (RFC 6455 §4.2.2). */
  readonly accept: string;
  /** Answers the opening handshake as it should be, with these header lines beside its own. */
  upgrade(...headers: readonly string[]): void;
  /** Hangs up as soon as a close frame has come, without an answer. For clients that send short frames only. */
  endAtClose(): void;
  /**
   * Writes the same bytes over and over, as fast as they are taken, until the other end is gone or `most`
   * bytes were written.
   */
  flood(bytes: Uint8Array, most: number): void;
  /** Bytes that left for the network. */
  readonly sent: number;
  /** Resolves when the other end is gone. */
  readonly gone: Promise<void>;
}

/** A TCP server that speaks whatever a test wants it to. */
export interface RawServer {
  readonly url: string;
  readonly connections: readonly RawConnection[];
}

/**
 * Listens on the loopback interface until the test is over; hands over each connection once its request has
 * come.
 */
export async function rawServer(act: (connection: RawConnection) => void): Promise<RawServer> {
  const connections: RawConnection[] = [];
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    const gone = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    // A client that has seen enough may reset the connection.
    socket.on("error", () => {});
    let head = "";
    const read = (chunk: Buffer): void => {
      head += chunk.toString("latin1");
      if (!head.includes("\r\n\r\n")) return;
      socket.off("data", read);
      // What comes now is nobody's business, unless the test says so; but the end has to be heard.
      socket.resume();
      const connection = new Connection(socket, head, gone);
      connections.push(connection);
      act(connection);
    };
    socket.on("data", read);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, connections };
}

class Connection implements RawConnection {
  readonly socket: Socket;
  readonly head: string;
  readonly gone: Promise<void>;

  constructor(socket: Socket, head: string, gone: Promise<void>) {
    this.socket = socket;
    this.head = head;
    this.gone = gone;
  }

  get accept(): string {
    const key = /^sec-websocket-key: *(.*?)\r$/im.exec(this.head)?.[1] ?? "";
    return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  }

  get sent(): number {
    return this.socket.bytesWritten - this.socket.writableLength;
  }

  upgrade(...headers: readonly string[]): void {
    const lines = [
      "HTTP/1.1 101 Switching Protocols",
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${this.accept}`,
      ...headers,
    ];
    this.socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  }

  endAtClose(): void {
    this.socket.on("data", (chunk) => {
      // Two bytes, a mask of four, and so many bytes (RFC 6455 §5.2).
      for (let at = 0; at < chunk.length; at += 6 + (chunk[at + 1]! & 0x7f)) {
        if ((chunk[at]! & 0x0f) === 8) this.socket.end();
      }
    });
  }

  flood(bytes: Uint8Array, most: number): void {
    const { socket } = this;
    const go = (): void => {
      while (!socket.destroyed && socket.bytesWritten < most) {
        if (!socket.write(bytes)) {
          socket.once("drain", go);
          return;
        }
      }
    };
    go();
  }
}
