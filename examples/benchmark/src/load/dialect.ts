import type { Dialect } from "../task.ts";
import type { LoadConnection, OnMessage } from "./connection.ts";
import { textFrame } from "./frame.ts";

/** What each protocol wants before messages flow. */
export function speak(dialect: Dialect, connection: LoadConnection, route: OnMessage): OnMessage {
  const answer = (text: string): void => connection.write(textFrame(text));
  if (dialect === "graphql") {
    // https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
    return (opcode, payload, compressed) => {
      const text = String(payload);
      if (text.includes('"connection_init"')) answer('{"type":"connection_ack"}');
      else if (text.includes('"subscribe"')) route(opcode, payload, compressed);
    };
  }
  if (dialect === "socket.io") {
    // https://socket.io/docs/v4/engine-io-protocol/ and https://socket.io/docs/v4/socket-io-protocol/
    answer(
      '0{"sid":"1","upgrades":[],"pingInterval":600000,"pingTimeout":600000,"maxPayload":100000000}',
    );
    return (opcode, payload, compressed) => {
      if (payload?.length === 2 && String(payload) === "40") answer('40{"sid":"1"}');
      else route(opcode, payload, compressed);
    };
  }
  return route;
}
