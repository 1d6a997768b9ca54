/** Another seed each time. */
export function anySeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}
