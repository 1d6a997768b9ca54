/**
 * Text of `size` characters of ASCII, about as compressible as a feed of prices: always the same, and
 * without characters that JSON escapes.
 */
export function payloadText(size: number): string {
  let text = "";
  let seed = 1;
  while (text.length < size) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += `price=${seed % 100_000} volume=${(seed >>> 8) % 1_000} `;
  }
  return text.slice(0, size);
}
