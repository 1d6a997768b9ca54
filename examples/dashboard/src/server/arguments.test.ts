import { expect, it } from "vitest";
import { defaultPort, help, parseArguments, UsageError } from "./arguments.ts";

it.for([
  [[], {}, defaultPort],
  [[], { PORT: "" }, defaultPort],
  [[], { PORT: "5000" }, 5_000],
  [["--port", "0"], { PORT: "5000" }, 0],
  [["--", "--port=65535"], {}, 65_535],
] as const)("takes from %o and %o the port %d", ([argv, environment, port]) => {
  expect(parseArguments(argv, environment)).toEqual({ port });
});

it.for([
  [["--port", "many"], {}, '--port must be a number from 0 to 65535, not "many"'],
  [["--port", "65536"], {}, '--port must be a number from 0 to 65535, not "65536"'],
  [[], { PORT: "-1" }, 'PORT must be a number from 0 to 65535, not "-1"'],
  [["--prot", "1"], {}, "--prot"],
  [["7"], {}, "7"],
] as const)("refuses %o and %o", ([argv, environment, message]) => {
  expect(() => parseArguments(argv, environment)).toThrow(UsageError);
  expect(() => parseArguments(argv, environment)).toThrow(message);
});

it("helps when asked", () => {
  expect(parseArguments(["--help"], { PORT: "nonsense" })).toBe("help");
  expect(help).toContain(String(defaultPort));
});
