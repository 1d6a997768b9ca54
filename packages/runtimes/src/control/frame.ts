/**
 * A value as one binary message: the length of its JSON (4 bytes, big-endian), the JSON, and the bytes that stood in
 * it, for which the JSON has their place.
 */
export function encodeFrame(value: unknown): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const json = new TextEncoder().encode(
    JSON.stringify(value, (_, each: unknown) => {
      if (!(each instanceof Uint8Array)) return each;
      const place: Place = { $bytes: [length, each.length] };
      parts.push(each);
      length += each.length;
      return place;
    }),
  );
  const frame = new Uint8Array(4 + json.length + length);
  new DataView(frame.buffer).setUint32(0, json.length);
  frame.set(json, 4);
  let at = 4 + json.length;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** The value of a frame. */
export function decodeFrame(frame: Uint8Array): unknown {
  const end = 4 + new DataView(frame.buffer, frame.byteOffset).getUint32(0);
  const json = new TextDecoder().decode(frame.subarray(4, end));
  return JSON.parse(json, (_, each: unknown) => {
    if (!isPlace(each)) return each;
    const [start, length] = each.$bytes;
    return frame.slice(end + start, end + start + length);
  });
}

/** Where bytes stand behind the JSON, and how many. */
interface Place {
  readonly $bytes: readonly [start: number, length: number];
}

function isPlace(value: unknown): value is Place {
  return typeof value === "object" && value !== null && "$bytes" in value;
}
