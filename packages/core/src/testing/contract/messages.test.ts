import { describe, expect, test } from "vitest";
import { messages } from "./messages.ts";
import { outcome, type Mutant } from "./test-kit.ts";

const mutants: readonly Mutant[] = [
  {
    does: "sends texts as bytes",
    in: "carries a text both ways",
    caught: /what the server received: expected 'text', got 4 bytes \[116 /,
    connection: (connection) => ({
      send: (message) =>
        connection.send(typeof message === "string" ? new TextEncoder().encode(message) : message),
    }),
  },
  {
    does: "receives a message twice",
    in: "carries a text both ways",
    caught: /messages received: expected 1, got 2/,
    listener: (listener) => ({
      onMessage(message) {
        listener.onMessage(message);
        listener.onMessage(message);
      },
    }),
  },
  {
    does: "swallows an empty message",
    in: "carries an empty text both ways",
    caught: "hangs",
    connection: (connection) => ({
      send: (message) => (message.length === 0 ? 0 : connection.send(message)),
    }),
  },
  {
    does: "closes where a message should come",
    in: "carries an empty text both ways",
    caught: /Closed with 1006 while waiting for message 0/,
    listener: (listener) => ({
      onMessage: () => listener.onClose({ code: 1006, reason: "", wasClean: false }),
    }),
  },
  {
    does: "cuts what is beyond the basic plane",
    in: "carries a text of 1, 2, 3 and 4 bytes a character both ways",
    caught: /what the client received/,
    listener: (listener) => ({
      onMessage: (message) =>
        listener.onMessage(
          typeof message === "string" ? message.replace(/[\ud800-\udfff]/g, "?") : message,
        ),
    }),
  },
  {
    does: "counts units instead of bytes",
    in: "carries a text of 1, 2, 3 and 4 bytes a character both ways",
    caught: /the bytes that send returned/,
    connection: (connection) => ({
      send(message) {
        connection.send(message);
        return message.length;
      },
    }),
  },
  {
    does: "cuts a text at 65,535 units",
    in: "carries a text of 1 MiB both ways",
    caught: /what the server received: expected .*\(1048576 units\), got .*\(65535 units\)/,
    connection: (connection) => ({
      send(message) {
        connection.send(message.slice(0, 65_535));
      },
    }),
  },
  {
    does: "receives bytes as an ArrayBuffer",
    in: "carries bytes both ways",
    caught: /expected a Uint8Array, got \[object ArrayBuffer\]/,
    listener: (listener) => ({
      onMessage: (message) =>
        listener.onMessage(
          typeof message === "string"
            ? message
            : (message.buffer.slice(0) as unknown as Uint8Array),
        ),
    }),
  },
  {
    does: "receives bytes as a Buffer",
    in: "carries bytes both ways",
    caught: /Bytes came as Buffer, a subclass of Uint8Array/,
    listener: (listener) => ({
      onMessage: (message) =>
        listener.onMessage(typeof message === "string" ? message : Buffer.from(message)),
    }),
  },
  {
    does: "counts the bytes received wrongly",
    in: "carries no bytes both ways",
    caught: /onMessage said 1 bytes of a message of 0/,
    listener: (listener) => ({
      onMessage: (message) => listener.onMessage(message, message.length + 1),
    }),
  },
  {
    does: "sends the whole buffer of a view",
    in: "carries bytes that are a part of their buffer both ways",
    caught: /what the server received: expected 50 bytes \[7 8 .*, got 100 bytes \[0 1/,
    connection: (connection) => ({
      send(message) {
        connection.send(typeof message === "string" ? message : new Uint8Array(message.buffer));
      },
    }),
  },
  {
    does: "receives large bytes in two messages",
    in: "carries 1 MiB of bytes both ways",
    caught: /what the client received: expected 1048576 bytes .*, got 524288 bytes/,
    listener: (listener) => ({
      onMessage(message) {
        const middle = message.length / 2;
        listener.onMessage(message.slice(0, middle));
        listener.onMessage(message.slice(middle));
      },
    }),
  },
  {
    does: "swaps two messages that arrive together",
    in: "keeps the order of many messages both ways",
    caught: /what the client received: expected 'message 0', got 2 bytes \[0 1\]/,
    listener: (listener) => {
      let kept: (() => void) | undefined;
      return {
        onMessage(message) {
          const release = kept;
          kept = release ? undefined : () => listener.onMessage(message);
          if (!release) return;
          listener.onMessage(message);
          release();
        },
      };
    },
  },
  {
    does: "swaps two messages that are sent together",
    in: "keeps the order of many messages both ways",
    caught: /what the server received: expected 'message 0', got 2 bytes \[0 1\]/,
    connection: (connection) => {
      let kept: string | Uint8Array | undefined;
      return {
        send(message) {
          const release = kept;
          kept = release === undefined ? message : undefined;
          if (release === undefined) return;
          connection.send(message);
          connection.send(release);
        },
      };
    },
  },
  {
    does: "keeps the first message sent inside onMessage until the next",
    in: "takes messages inside onMessage",
    caught: /what the server received: expected 'message 0', got 2 bytes \[0 1\]/,
    connection: (connection) => {
      let kept: string | Uint8Array | undefined;
      return {
        send(message) {
          if (message === "message 0") kept = message;
          else connection.send(message);
          if (message !== kept && kept !== undefined) connection.send(kept);
          if (message !== kept) kept = undefined;
        },
      };
    },
  },
  {
    does: "takes no message inside onMessage",
    in: "takes messages inside onMessage",
    caught: /inside onMessage: Error: busy/,
    listener: (listener, _, notes) => ({
      onMessage(message) {
        notes.add("busy");
        listener.onMessage(message);
        notes.delete("busy");
      },
    }),
    connection: (connection, _, __, notes) => ({
      send(message) {
        if (notes.has("busy")) throw new Error("busy");
        return connection.send(message);
      },
    }),
  },
];

describe("the cases about messages fail a transport that", () => {
  test.each(mutants)("$does", async (mutant) => {
    const said = await outcome(mutant);
    expect(said).toMatch(mutant.caught);
  });
});

test("each case about messages fails some transport, and needs nothing that one may lack", () => {
  expect(new Set(mutants.map((mutant) => mutant.in))).toEqual(
    new Set(messages.map(({ name }) => name)),
  );
  expect(messages.filter(({ needs }) => needs)).toEqual([]);
});
