/** Promise turns that a step may need from one `receive` to the next, helper functions included. */
const turns = 12;

/** Resolves when code that was just given a message, or an error, has had its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await null;
}
