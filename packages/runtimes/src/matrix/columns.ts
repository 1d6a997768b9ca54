/** The matrix's columns: each runtime that is observed, with its title. */
export const columns: readonly (readonly [runtime: string, title: string])[] = [
  ["chromium", "Chromium"],
  ["firefox", "Firefox"],
  ["webkit", "WebKitGTK"],
  ["node20", "Node 20"],
  ["node22", "Node 22"],
  ["node24", "Node 24"],
  ["node26", "Node 26"],
  ["bun", "Bun"],
  ["deno", "Deno"],
  ["workerd", "workerd"],
];
