import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe("an import", () => {
  test("touches no global of the platform, so that it works on a server, in a worker and in a browser", async () => {
    const language = new Set(
      runInNewContext("Object.getOwnPropertyNames(globalThis)") as readonly string[],
    );
    const touched: string[] = [];
    const originals = Object.getOwnPropertyDescriptors(globalThis) as Record<
      string,
      PropertyDescriptor
    >;
    // What a browser or a worker has and Node has not, or not always.
    const foreign = ["window", "document", "self", "location", "WebSocket", "WebSocketStream"];
    const names = new Set([...Object.keys(originals), ...foreign]);
    vi.resetModules();
    for (const name of names) {
      const original = originals[name];
      if (language.has(name) || original?.configurable === false) continue;
      Object.defineProperty(globalThis, name, {
        configurable: true,
        get(): unknown {
          // Others touch them meanwhile: the test runner for instance.
          const [, , caller = ""] = new Error("trace").stack!.split("\n");
          if (/(core|retry)\/src\//.test(caller) && !caller.includes("index.test"))
            touched.push(name);
          return original?.get ? (original.get.call(globalThis) as unknown) : original?.value;
        },
        set(value: unknown) {
          Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
        },
      });
    }
    try {
      const { createClient } = await import("./index.ts");
      expect(touched).toEqual([]);
      // The traps work: making a client does touch some.
      const { memoryServer, memoryTransport } = await import("./testing/index.ts");
      createClient({ url: "ws://a.test/", plugins: [memoryTransport(memoryServer())] });
      expect(touched).toContain("URL");
    } finally {
      for (const name of names) {
        const original = originals[name];
        if (language.has(name) || original?.configurable === false) continue;
        if (original) Object.defineProperty(globalThis, name, original);
        else delete (globalThis as Record<string, unknown>)[name];
      }
    }
  });

  test("breaks nothing and names nothing undefined where Symbol.asyncDispose is missing", async () => {
    const platform = Symbol;
    const old = Object.assign((description?: string) => platform(description), {
      for: (key: string) => platform.for(key),
      iterator: platform.iterator,
      asyncIterator: platform.asyncIterator,
      toStringTag: platform.toStringTag,
      species: platform.species,
      hasInstance: platform.hasInstance,
      toPrimitive: platform.toPrimitive,
    });
    vi.resetModules();
    vi.stubGlobal("Symbol", old);
    const { createClient } = await import("./index.ts");
    const { manualClock, memoryServer, memoryTransport } = await import("./testing/index.ts");
    const clock = manualClock();
    const server = memoryServer();
    const client = createClient({ url: server.url, plugins: [memoryTransport(server)], clock });
    expect("undefined" in client).toBe(false);
    const reader = client.messages();
    expect("undefined" in reader).toBe(false);
    const connecting = client.connect();
    await clock.settle();
    await connecting;
    const closing = client.close();
    await clock.settle();
    expect(await closing).toMatchObject({ wasClean: true });
  });

  test("gives clients Symbol.asyncDispose where there is one", async () => {
    const { createClient } = await import("./index.ts");
    const { memoryServer, memoryTransport } = await import("./testing/index.ts");
    const client = createClient({
      url: "ws://a.test/",
      plugins: [memoryTransport(memoryServer())],
    });
    await client[Symbol.asyncDispose]();
    expect(client.state.status).toBe("closed");
  });
});
