import {
  DROP,
  callableOption,
  checkOptions,
  durationOption,
  labelOption,
  type Extension,
  type HandshakeSession,
  type Message,
  type OptionRules,
  type Received,
} from "@stream-tungstenite/core";

/** Options of {@link resume}. */
export interface ResumeOptions {
  /** Told when messages are missing for good: the numbers of the first and the last of them. */
  readonly onGap?: ((first: number, last: number) => void) | undefined;
  /** Milliseconds to wait for the server's answer. @defaultValue 5_000 ms */
  readonly timeout?: number | undefined;
  /** @defaultValue "resume" */
  readonly name?: string | undefined;
}

/** The plugin, and where it stands. */
export interface Resume extends Omit<Extension, "handshake"> {
  /** Number of the last message that went to the application; 0 before the first. */
  readonly position: number;
  handshake(session: HandshakeSession): Promise<void>;
}

/**
 * Goes on where the last connection ended, with a server that numbers its messages:
 *
 * ```text
 * client                                server
 *   {"type":"resume","after":41}  ──►
 *                                 ◄──   {"type":"resumed"}
 *                                 ◄──   {"seq":42, …}  {"seq":43, …}
 * ```
 *
 * What the server sends a second time is dropped, what it no longer has is a gap. Messages without a number
 * pass.
 *
 * @throws ConfigurationError that lists every fault of the options
 */
export function resume(options: ResumeOptions = {}): Resume {
  return new Sequence(options);
}

type Settings = Pick<ResumeOptions, "onGap"> & { readonly name: string; readonly timeout: number };

/** Checked as the client checks its own options: all at once, with defaults filled in. */
const rules: OptionRules<Settings> = {
  name: labelOption("resume"),
  timeout: durationOption(5_000),
  onGap: callableOption(undefined),
};

class Sequence implements Resume {
  readonly name: string;
  readonly handshakeTimeout: number;
  readonly #onGap: ((first: number, last: number) => void) | undefined;
  #position = 0;

  constructor(options: ResumeOptions) {
    const { name, timeout, onGap } = checkOptions(rules, options, "resume");
    this.name = name;
    this.handshakeTimeout = timeout;
    this.#onGap = onGap;
  }

  get position(): number {
    return this.#position;
  }

  async handshake(session: HandshakeSession): Promise<void> {
    session.send(JSON.stringify({ type: "resume", after: this.#position }));
    await session.receive((message) => parse(message)?.type === "resumed");
  }

  onMessage(message: Message): Received {
    const seq = parse(message)?.seq;
    if (typeof seq !== "number" || !Number.isSafeInteger(seq)) return undefined;
    if (seq <= this.#position) return DROP;
    const expected = this.#position + 1;
    this.#position = seq;
    // The first number of all may be any.
    if (seq > expected && expected > 1) this.#onGap?.(expected, seq - 1);
    return undefined;
  }
}

/** A JSON object, or nothing: a server may send anything. */
function parse(message: Message): { readonly type?: unknown; readonly seq?: unknown } | undefined {
  if (typeof message !== "string" || !message.startsWith("{")) return undefined;
  try {
    return JSON.parse(message) as object;
  } catch {
    return undefined;
  }
}
