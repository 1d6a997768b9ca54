/** Promise turns that a step may need from one `receive` to the next, helper functions included. */
const turns = 12;

/** Resolves when code that was just given a message, or an error, has had its turn. */
export async function settled(): Promise<void> {
  const turn = Promise.resolve();
  for (let count = 0; count < turns; count++) await turn;
}
