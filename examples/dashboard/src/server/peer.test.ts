import { expect, it } from "vitest";
import { encode, type ClientMessage, type Trade } from "../protocol.ts";
import { peer } from "./peer.ts";

function rig() {
  const said: unknown[] = [];
  const mine = peer({
    token: "secret",
    send: (message) => said.push(message),
    close: (code, reason) => said.push({ code, reason }),
  });
  return {
    said,
    offer: (trade: Trade) => mine.offer(trade),
    receive: (text: string | undefined) => mine.receive(text),
    /** What the server says to this. */
    say: (message: ClientMessage) => {
      mine.receive(encode(message));
      return said.splice(0);
    },
  };
}

it("lets in whoever shows the token", () => {
  const { say } = rig();
  expect(say({ type: "auth", token: "secret" })).toEqual([{ type: "authenticated" }]);
  expect(say({ type: "ping" })).toEqual([{ type: "pong" }]);
  expect(say({ type: "order", number: 4 })).toEqual([{ type: "receipt", number: 4 }]);
});

it.for([{ type: "auth", token: "guess" } as const, { type: "ping" } as const])(
  "closes with 4401 when the first message is %o",
  (message) => {
    expect(rig().say(message)).toEqual([
      { type: "error", reason: "this token is not valid" },
      { code: 4401, reason: "not authenticated" },
    ]);
  },
);

it("confirms the symbols that there are and refuses the others, each by name", () => {
  const { say } = rig();
  say({ type: "auth", token: "secret" });
  expect(say({ type: "subscribe", channels: ["ALPHA", "NOPE"] })).toEqual([
    { type: "subscribed", channels: ["ALPHA"] },
    { type: "error", channel: "NOPE", reason: "there is no such symbol" },
  ]);
});

it("offers trades of the subscribed channels alone", () => {
  const { say, offer, said } = rig();
  const trade = { type: "trade", channel: "ALPHA", price: 1 } as const;
  say({ type: "auth", token: "secret" });
  offer(trade);
  expect(said).toEqual([]);
  say({ type: "subscribe", channels: ["ALPHA"] });
  offer(trade);
  expect(said.splice(0)).toEqual([trade]);
  expect(say({ type: "unsubscribe", channels: ["ALPHA"] })).toEqual([
    { type: "unsubscribed", channels: ["ALPHA"] },
  ]);
  offer(trade);
  expect(said).toEqual([]);
});

it("closes with 1007 when it cannot read a message", () => {
  const { say, receive, said } = rig();
  say({ type: "auth", token: "secret" });
  receive(undefined);
  expect(said).toEqual([{ code: 1007, reason: "not a message of this protocol" }]);
});
