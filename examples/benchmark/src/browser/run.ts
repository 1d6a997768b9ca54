import type { Command } from "../command.ts";

/** Measures in Chromium. */
export async function runBrowser(command: Command): Promise<void> {
  void command;
}
