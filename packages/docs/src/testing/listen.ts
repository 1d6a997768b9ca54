import type { ClientEvent, ClientEvents, WebSocketClient } from "@stream-tungstenite/core";

/** The next `count` payloads of an event. */
export function next<K extends keyof ClientEvents>(
  client: WebSocketClient,
  event: K,
  count: number,
): Promise<ClientEvents[K][]> {
  const payloads: ClientEvents[K][] = [];
  return new Promise((resolve) => {
    const stop = client.on(event, (payload) => {
      if (payloads.push(payload) < count) return;
      stop();
      resolve(payloads);
    });
  });
}

/** Everything a client tells until it is closed; listens at once. */
export async function everything(client: WebSocketClient): Promise<ClientEvent[]> {
  const events: ClientEvent[] = [];
  for await (const event of client.events()) events.push(event);
  return events;
}

/** The next `count` values of an iterator. */
export async function take<T>(iterator: AsyncIterator<T>, count: number): Promise<T[]> {
  const values: T[] = [];
  while (values.length < count) {
    const result = await iterator.next();
    if (result.done) break;
    values.push(result.value);
  }
  return values;
}
