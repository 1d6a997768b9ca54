/** One way to break the client. */
export interface Mutant {
  /** What is no longer true. */
  readonly breaks: string;
  /** Within `packages/core/src`. */
  readonly file: string;
  /** What stands there, once. */
  readonly find: string;
  readonly replace: string;
}

function mutant(file: string, breaks: string, find: string, replace: string): Mutant {
  return { file, breaks, find, replace };
}

/** Breaks of the machine, the supervisor, the send queue and the pipeline, each a slip of the pen. */
export const mutants: readonly Mutant[] = [
  // ── the machine ─────────────────────────────────────────────────────────────────────────────────────
  mutant(
    "machine.ts",
    "a client that closed for good never dials again",
    '(status === "closed" && from.cause !== null)',
    'status === "closed"',
  ),
  mutant(
    "machine.ts",
    "a closing connection is not taken for lost",
    'return isDialing || status === "connected" || status === "waiting";',
    'return status !== "idle" && status !== "closed";',
  ),
  mutant(
    "machine.ts",
    "a client that is connected takes no further step of a handshake",
    'case "connected":\n      return isDialing;',
    'case "connected":\n      return isDialing || status === "connected";',
  ),
  mutant(
    "machine.ts",
    "a closed client stays closed",
    'return isDialing || status === "waiting" || isClosingForNow;',
    'return status !== "connected";',
  ),
  mutant(
    "machine.ts",
    "close() during disconnect() ends in closed",
    '(isClosingForNow && to.next === "closed")',
    "false",
  ),
  // ── the verbs ───────────────────────────────────────────────────────────────────────────────────────
  mutant(
    "calls.ts",
    "connect() resolves once it is connected",
    '    this.#settle("connect");\n',
    "",
  ),
  mutant("calls.ts", "ready() resolves once it is connected", '    this.#settle("ready");\n', ""),
  mutant(
    "calls.ts",
    "disconnect() resolves once the client rests",
    '    this.#settle("disconnect");\n    if (willDial)',
    "    if (willDial)",
  ),
  // ── the supervisor ──────────────────────────────────────────────────────────────────────────────────
  mutant(
    "supervisor.ts",
    "the deadline of a state ends with it",
    "    this.#cancelDeadline?.();\n    this.#cancelDeadline = undefined;\n    const from",
    "    const from",
  ),
  mutant(
    "supervisor.ts",
    "dialling has a deadline",
    "this.#arm(connectTimeout, () => {",
    "this.#arm(0, () => {",
  ),
  mutant(
    "supervisor.ts",
    "closing has a deadline",
    "this.#arm(timeout, () => this.link?.lose(null), true);",
    "",
  ),
  mutant(
    "supervisor.ts",
    "the delay is waited",
    "this.#arm(delay, () => this.#dial(attempt), true);",
    "this.#arm(0, () => this.#dial(attempt), true);",
  ),
  mutant(
    "supervisor.ts",
    "an outage ends only after a connection that lasted",
    "if (uptime >= this.options.stableAfter) this.outage?.forget();",
    "this.outage?.forget();",
  ),
  mutant(
    "supervisor.ts",
    "a stable connection ends the outage",
    "if (uptime >= this.options.stableAfter) this.outage?.forget();",
    "",
  ),
  mutant(
    "supervisor.ts",
    "disconnected follows only connected",
    "if (wasConnected) {\n        const given",
    "{\n        const given",
  ),
  mutant(
    "supervisor.ts",
    "messages queued at a loss under 'reject' are dropped and told",
    'this.sender.clear("disconnected");',
    "{}",
  ),
  mutant(
    "supervisor.ts",
    "giving up settles what is pending",
    'this.#host.closed(this, wasClean, this.sender.clear("closed", this.closedError));',
    "this.#host.closed(this, wasClean, 0);",
  ),
  mutant("supervisor.ts", "readers end with the client", "this.receiving?.finish(cause);", ""),
  mutant(
    "supervisor.ts",
    "plugins are torn down at the end",
    'notifier.listeners("closed");\n        this.plugins.tearDown();',
    'notifier.listeners("closed");',
  ),
  mutant(
    "supervisor.ts",
    "close() flushes the queue first",
    "this.sender.whenEmpty(() => link.close(code, reason))",
    "link.close(code, reason)",
  ),
  mutant(
    "supervisor.ts",
    "close() in any state ends the client for good",
    "this.#isOver = true;\n    if",
    "if",
  ),
  mutant(
    "supervisor.ts",
    "the queue goes before connected is told",
    "this.startSending();\n      // A transport",
    "this.notifier.run(() => this.startSending());\n      // A transport",
  ),
  mutant(
    "outage.ts",
    "Retry-After is a floor",
    "this.#previousDelay = Math.max(delay, floor, retryAfter ?? 0);",
    "this.#previousDelay = Math.max(delay, floor);",
  ),
  mutant("outage.ts", "attempts are counted", "    this.retries++;\n", ""),
  // ── a connection ────────────────────────────────────────────────────────────────────────────────────
  mutant(
    "link.ts",
    "a connection that is given up is terminated",
    "if (!this.#lost) this.#terminate();",
    "",
  ),
  mutant(
    "link.ts",
    "a socket that opens late opens nothing",
    'if (this.#phase !== "dialing") return;',
    "",
  ),
  mutant(
    "link.ts",
    "an end that is told twice ends once",
    "if (!this.alive || this.#lost) return;\n    const isDial",
    "const isDial",
  ),
  mutant(
    "link.ts",
    "a message after the end is ignored",
    "if (!this.isOpen) return;\n    this.received++;",
    "this.received++;",
  ),
  mutant(
    "link.ts",
    "every handshake runs, in order, before connected",
    "for (const { plugin, name } of plugins.handshakes) {",
    "for (const { plugin, name } of plugins.handshakes.slice(0, 1)) {",
  ),
  mutant(
    "link.ts",
    "connected waits for the handshakes",
    "if (this.host.plugins.handshakes.length > 0) void this.#handshakes();",
    "if (this.host.plugins.handshakes.length > 0) { void this.#handshakes(); this.#becomeReady(); }",
  ),
  mutant(
    "link.ts",
    "what arrived before the end is delivered before the end",
    "this.#inbound.onIdle = judge;",
    "judge();",
  ),
  mutant(
    "link.ts",
    "a URL that is told after its attempt is not dialled",
    "=> this.alive && this.#connect(url, protocols, signal)",
    "=> this.#connect(url, protocols, signal)",
  ),
  mutant(
    "link.ts",
    "an attempt that is refused its URL is over",
    "(error: DisconnectCause) => this.lose(error),",
    "() => {},",
  ),
  mutant(
    "link.ts",
    "a dial that ends inside connect is over",
    'if (this.isAsking) this.#phase = "dialing";',
    'this.#phase = "dialing";\n    if (this.alive) return;',
  ),
  mutant(
    "link.ts",
    "a handshake has its plugin's own time",
    "plugin.handshakeTimeout ?? options.handshakeTimeout",
    "options.handshakeTimeout",
  ),
  // ── the send queue ──────────────────────────────────────────────────────────────────────────────────
  mutant(
    "send-queue.ts",
    "a message that the transport did not take stays first",
    "this.#entries.unshift(this.#watch(entry));",
    "this.#entries.push(this.#watch(entry));",
  ),
  mutant(
    "send-queue.ts",
    "nobody overtakes those who wait for room",
    "if (this.#waiters.length > 0 || !this.#hasRoom(entry)) {",
    "if (!this.#hasRoom(entry)) {",
  ),
  mutant(
    "send-queue.ts",
    "the queue is bounded by messages",
    "return this.#entries.length < capacity && this.bytes",
    "return this.bytes",
  ),
  mutant(
    "send-queue.ts",
    "the queue is bounded by bytes",
    " && this.bytes + bytes <= maxBytes;",
    ";",
  ),
  mutant(
    "send-queue.ts",
    "as many messages are evicted as the new one needs",
    "do evicted.push(this.#take());\n      while (!this.#hasRoom(entry));",
    "evicted.push(this.#take());",
  ),
  mutant("send-queue.ts", "an evicted message is told", 'this.#drop(evicted, "overflow");', ""),
  mutant(
    "send-queue.ts",
    "messages expire",
    "if (entry.expires <= now) return true;",
    "if (entry.expires < now - 1e9) return true;",
  ),
  mutant(
    "send-queue.ts",
    "a dropped sendAsync rejects",
    "for (const { pending } of entries) pending?.reject(new MessageDroppedError(reason));",
    "",
  ),
  mutant(
    "send-queue.ts",
    "what waits for room is dropped at the end, too",
    "[...this.#entries.clear(), ...this.#waiters.clear()]",
    "[...this.#entries.clear()]",
  ),
  mutant(
    "send-queue.ts",
    "no expiry timer is left behind",
    "if (this.length === 0) this.#rearm(Infinity);",
    "",
  ),
  // ── the lane to the transport ───────────────────────────────────────────────────────────────────────
  mutant(
    "sender.ts",
    "application messages wait for the handshakes",
    "      this.#started &&\n      this.#holds",
    "      this.#holds",
  ),
  mutant(
    "sender.ts",
    "sending stops at the high-water mark",
    "this.#courier.link!.bufferedAmount < this.#host.options.highWaterMark",
    "true",
  ),
  mutant(
    "sender.ts",
    "a message does not overtake the queue",
    "return this.#mayGo() && this.#queue.length === 0;",
    "return this.#mayGo();",
  ),
  mutant(
    "sender.ts",
    "messages of a handshake end with its connection",
    "this.#urgent.clear();",
    "",
  ),
  mutant(
    "sender.ts",
    "an abandoned sendAsync is never sent",
    "queue.remove(entry);\n        this.#settle();",
    "this.#settle();",
  ),
  mutant(
    "courier.ts",
    "what no transport took goes back into the queue",
    "if (unsent) this.#queue.putBack(unsent);",
    "",
  ),
  mutant(
    "courier.ts",
    "while a hook has a message, others wait",
    "return !this.isBusy && this.link",
    "return this.link",
  ),
  mutant(
    "flushes.ts",
    "flush rejects when bytes were lost",
    "if (bufferedAmount > 0) this.#end(flush, new ConnectionLostError(close));",
    "if (bufferedAmount > 0) this.#end(flush);",
  ),
  mutant(
    "flushes.ts",
    "flush resolves when the transport has flushed",
    "        () => this.#end(flush),\n        () => {},",
    "        () => {},\n        () => {},",
  ),
  // ── what arrives ────────────────────────────────────────────────────────────────────────────────────
  mutant(
    "inbound.ts",
    "a message waits for the asynchronous hook of the one before",
    "if (this.isBusy) {",
    "if (this.isBusy && this.#backlog.length > 1e9) {",
  ),
  mutant(
    "inbound.ts",
    "the backlog is worked off",
    "this.#pass(received, context, hooks, from);\n    } finally {\n      this.#drain();",
    "this.#pass(received, context, hooks, from);\n    } finally {",
  ),
  mutant(
    "inbound.ts",
    "a server that talks before the handshakes are done does not fill the memory",
    "if (this.#waiting + claims.length <= receiveBuffer) return;",
    "if (claims.length <= 1e9) return;",
  ),
  mutant(
    "inbound.ts",
    "the parts of a split keep their order",
    "for (let k = received.length - 1; k >= 0; k--) {",
    "for (let k = 0; k < received.length; k++) {",
  ),
  mutant(
    "claims.ts",
    "nothing reaches the application before connected",
    "if (this.#released) this.#application.deliver(message);\n    else this.#unclaimed.push(message);",
    "this.#application.deliver(message);",
  ),
  mutant(
    "claims.ts",
    "a claimed message is not the application's, too",
    "this.#give(claim, message);\n      if (this.#released) void this.#settle();\n      return;",
    "this.#give(claim, message);\n      if (this.#released) void this.#settle();",
  ),
  mutant(
    "inflow.ts",
    "receiving resumes when all are below half",
    "const pause = fill >= (this.isPaused ? 0.5 : 1);",
    "const pause = this.isPaused || fill >= 1;",
  ),
  mutant(
    "inflow.ts",
    "what was skipped is told",
    'this.#notifier.tell("lagged", { skipped });',
    "void skipped;",
  ),
  mutant(
    "reader.ts",
    "a reader is bounded",
    "} else if (buffer.length < this.#mark || (this.#pauses && this.#host.canPause)) {",
    "} else if (buffer.length < this.#mark * 1e9) {",
  ),
  mutant(
    "reader.ts",
    "who waits for a message is told of the end",
    "for (const take of this.#takers.clear()) take(this.#last());",
    "",
  ),
  mutant(
    "event-stream.ts",
    "a reader of events that has left is forgotten",
    "lagged() {}, left: untap };",
    "lagged() {}, left() { void untap; } };",
  ),
  mutant(
    "notifier.ts",
    "events are told in the order in which they happened",
    "if (this.#running) return change();",
    "if (this.#running) { change(); for (let task = this.#tasks?.shift(); task; task = this.#tasks?.shift()) task(); return; }",
  ),
];
