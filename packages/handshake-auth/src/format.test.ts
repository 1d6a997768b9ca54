import { rig } from "rig";
import { expect, test } from "vitest";
import { auth } from "./index.ts";
import type { AuthOptions } from "./index.ts";

async function sent(token: string, options: AuthOptions): Promise<unknown> {
  const { client, clock, connected } = rig([auth(token, options)]);
  const peer = await connected();
  void client.close();
  await clock.settle();
  return peer.received;
}

test("the token is sent as it is by default", async () => {
  expect(await sent("t0k€n", {})).toEqual(["t0k€n"]);
});

test("JSON is escaped, whatever is in the token", async () => {
  const token = 'a"b\\c\n\u0000\u2028é😀</script>';
  const [message] = (await sent(token, { format: "json" })) as string[];
  expect(JSON.parse(message!)).toEqual({ type: "auth", token });
  expect(message).toContain('"token":"a\\"b\\\\c\\n\\u0000');
  expect(await sent("t", { format: "json" })).toEqual(['{"type":"auth","token":"t"}']);
});

test("a template takes the token literally, without escapes and replacement patterns", async () => {
  expect(await sent("t", { format: "AUTH {}\r\n" })).toEqual(["AUTH t\r\n"]);
  const token = "$& $1 $$ $` {} \"'";
  expect(await sent(token, { format: '["{}"]' })).toEqual([`["${token}"]`]);
});

test("a format function makes text or bytes", async () => {
  expect(await sent("t", { format: (token) => `<${token}>` })).toEqual(["<t>"]);
  const format = (token: string): Uint8Array => new TextEncoder().encode(`\u0001${token}`);
  expect(await sent("t", { format })).toEqual([new Uint8Array([1, 0x74])]);
});

test("what a format function throws fails the attempt and is not quoted", async () => {
  const token = "sekret";
  const { client, clock, errors, started } = rig([
    auth(token, { format: (secret) => String(JSON.parse(secret)) }),
  ]);
  await started();
  expect(errors[0]).toMatchObject({
    code: "HANDSHAKE",
    step: "auth",
    message: "Handshake 'auth' failed: the format function threw",
  });
  expect((errors[0]!.cause as Error).message).toContain("sekret");
  expect(client.state.status).toBe("waiting");
  void client.close();
  await clock.settle();
});
