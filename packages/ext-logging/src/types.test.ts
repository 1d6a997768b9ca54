import type { Extension, PluginList } from "@stream-tungstenite/core";
import type pino from "pino";
import { expectTypeOf, test } from "vitest";
import type winston from "winston";
import { logging } from "./index.ts";
import type { LoggingOptions, LogLevel } from "./index.ts";

test("is an extension", () => {
  expectTypeOf(logging).returns.toEqualTypeOf<Extension>();
  expectTypeOf<typeof logging.verbose>().returns.toEqualTypeOf<Extension>();
  expectTypeOf<ReturnType<typeof logging>>().toExtend<PluginList[number]>();
  expectTypeOf<LogLevel>().toEqualTypeOf<"error" | "warn" | "info" | "debug" | "trace">();
});

test("console, pino and winston loggers fit as they are", () => {
  expectTypeOf(console).toExtend<LoggingOptions["logger"]>();
  expectTypeOf<pino.Logger>().toExtend<LoggingOptions["logger"]>();
  expectTypeOf<winston.Logger>().toExtend<LoggingOptions["logger"]>();
});

test("every option may be left out or undefined", () => {
  expectTypeOf(logging).toBeCallableWith();
  expectTypeOf<{
    level: undefined;
    messages: undefined;
    prefix: undefined;
    maxLength: undefined;
    logger: undefined;
    redact: undefined;
    name: undefined;
  }>().toExtend<LoggingOptions>();
});

test("what cannot work does not compile", () => {
  const wrong = (): void => {
    // @ts-expect-error -- there is no such level
    logging({ level: "silly" });
    // @ts-expect-error -- there is no such option
    logging({ message: true });
    // @ts-expect-error -- a function answers with the text
    logging({ redact: () => true });
    // @ts-expect-error -- a logger has methods
    logging({ logger: { info: "yes" } });
  };
  expectTypeOf(wrong).toBeFunction();
});
