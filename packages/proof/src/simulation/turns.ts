/** Lets so many turns of the microtask queue pass. */
export async function turns(count: number): Promise<void> {
  const turn = Promise.resolve();
  for (let left = count; left > 0; left--) await turn;
}
