import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { Duplex } from "node:stream";

/**
 * A socket without a network, for the `createConnection` of a client of `ws`. It accepts the opening
 * handshake; what is then pushed into it has been received. Like `net.Socket` it says 'close' by itself,
 * when a stream may still be read.
 */
export class UpgradedDuplex extends Duplex {
  #isUpgraded = false;

  /** @param head - Bytes that come together with the handshake's answer. */
  constructor(head: Uint8Array = new Uint8Array()) {
    super({
      emitClose: false,
      read: () => {},
      write: (chunk: Buffer, _, done) => {
        if (!this.#isUpgraded) this.push(Buffer.concat([accept(chunk.toString()), head]));
        this.#isUpgraded = true;
        done();
      },
      destroy: (error, done) => {
        done(error);
        queueMicrotask(() => this.emit("close"));
      },
    });
  }
}

/** RFC 6455 §4.2.2 */
function accept(request: string): Buffer {
  const key = /^sec-websocket-key: (.*)\r$/im.exec(request)?.[1];
  const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const digest = createHash("sha1").update(`${key}${guid}`).digest("base64");
  return Buffer.from(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${digest}\r\n\r\n`,
  );
}
