import { WebSocket as NodeWebSocket } from "ws";
import { nodeContestants } from "../suite/node-contestants.ts";
import { platformContestants } from "../suite/platform-contestants.ts";
import { drive, type Assignment } from "./driver.ts";

// What Node, Bun and Deno run; their last argument is the assignment.

const assignment = JSON.parse(process.argv.at(-1) ?? "") as Assignment;

await drive(
  assignment,
  [...platformContestants(assignment.runtime), ...nodeContestants],
  // Node 20 has no WebSocket of its own.
  globalThis.WebSocket ?? NodeWebSocket,
);
// A runtime may hold on to a socket that was given up, which is no fault of the client.
process.exit(0);
