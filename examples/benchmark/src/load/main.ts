import process from "node:process";
import { LoadServer } from "./server.ts";

// The process of the load server: prints its port and lives until nobody holds its standard input any more.

const server = new LoadServer();
process.stdin.on("end", () => process.exit()).resume();
console.log(await server.listen());
