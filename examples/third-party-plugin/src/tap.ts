import type {
  Connection,
  ConnectionListener,
  ConnectRequest,
  Message,
  Transport,
} from "@stream-tungstenite/core";

/** What went over the sockets so far. */
export interface Traffic {
  readonly sent: number;
  readonly received: number;
  readonly sockets: number;
}

/** A transport that also tells what went through it. */
export interface Tapped extends Transport {
  readonly traffic: Traffic;
}

/** Wraps a transport and counts its messages, handshakes and heartbeats included. */
export function tap(transport: Transport): Tapped {
  const traffic = { sent: 0, received: 0, sockets: 0 };
  return {
    name: `tap(${transport.name})`,
    // Whoever wraps a transport speaks for it in every respect.
    freshCredentials: transport.freshCredentials,
    traffic,
    connect(request: ConnectRequest, listener: ConnectionListener): Connection {
      const connection = transport.connect(request, {
        onOpen(info) {
          traffic.sockets++;
          listener.onOpen(info);
        },
        onMessage(message, byteLength) {
          traffic.received++;
          listener.onMessage(message, byteLength);
        },
        onClose: (close) => listener.onClose(close),
        onDrain: () => listener.onDrain(),
        onPong: (payload) => listener.onPong(payload),
        onActivity: () => listener.onActivity(),
      });
      return counted(connection, traffic);
    },
  };
}

/** The connection, with the abilities it has and no others: the client asks by looking for the method. */
function counted(connection: Connection, traffic: { sent: number }): Connection {
  return {
    // It moves on while the dial does.
    get phase() {
      return connection.phase;
    },
    get bufferedAmount() {
      return connection.bufferedAmount;
    },
    send(message: Message) {
      const bytes = connection.send(message);
      traffic.sent++;
      return bytes;
    },
    close: (code, reason) => connection.close(code, reason),
    terminate: () => connection.terminate(),
    ping: connection.ping && ((payload) => connection.ping!(payload)),
    pause: connection.pause && (() => connection.pause!()),
    resume: connection.resume && (() => connection.resume!()),
    flush: connection.flush && (() => connection.flush!()),
  };
}
