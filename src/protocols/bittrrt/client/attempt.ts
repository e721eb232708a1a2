/** An attempt of a client to shake hands. */
import { equalBytes, own, toHex } from "../../../bytes/index.js";
import { isWireError, type WireIssue } from "../../../errors.js";
import type { Env, Millis } from "../../../machine/index.js";
import { KeyPair } from "../keys.js";
import { tryReadHandshake, tryReadPorts, type Ports } from "../messages.js";
import { frameOptions, sessionRules, unixMs } from "../options.js";
import { Session } from "../session.js";
import type { TokenWriter } from "../token-writer.js";
import type { ClientRules } from "./client-options.js";

/** Senders of `connected` that are kept: anybody can send one, and only the server can seal the ports that follow. */
const CANDIDATES_MAX = 4;
/** How much of a datagram the reference's client reads at its main port. */
const MAIN_DATAGRAM_BYTES_MAX = 4_096;

/** The outcome of a datagram at the main port. */
export type AttemptStep =
  | { readonly type: "waiting" }
  | { readonly type: "refused"; readonly issue: WireIssue }
  /** The server has no ports now. */
  | { readonly type: "serverFull"; readonly message: string }
  | { readonly type: "ports"; readonly ports: Ports; readonly session: Session; readonly serverKey: Uint8Array }
  /** The server sent, under its key, ports that cannot be used. */
  | { readonly type: "failed"; readonly issue: WireIssue };

/** A possible server: the sender of a `connected`, and the session with its key. */
interface Candidate {
  readonly serverKey: Uint8Array;
  readonly session: Session;
}

/** One handshake: from one port, with one key pair, it sends `connect` until the server sends ports. */
export class Attempt {
  readonly #rules: ClientRules;
  readonly #env: Env;
  readonly #pair: KeyPair;
  readonly #candidates = new Map<string, Candidate>();
  /** The address that it sends from; undefined until it is bound. */
  local: string | undefined;
  connects = 0;
  nextConnectMs: Millis = Infinity;

  constructor(rules: ClientRules, env: Env) {
    this.#rules = rules;
    this.#env = env;
    this.#pair = KeyPair.generate((n) => env.random(n));
  }

  /** The datagram of the next `connect`. */
  connect(tokens: TokenWriter, nowMs: Millis): Uint8Array {
    this.connects++;
    this.nextConnectMs = nowMs + this.#rules.connectMs;
    return tokens.write({ command: "connect", publicKey: this.#pair.publicKey });
  }

  /** Reads a datagram at the main port. The bytes are borrowed. */
  receive(datagram: Uint8Array): AttemptStep {
    const isCut = this.#rules.profile === "reference" && datagram.length > MAIN_DATAGRAM_BYTES_MAX;
    const bytes = isCut ? datagram.subarray(0, MAIN_DATAGRAM_BYTES_MAX) : datagram;
    const token = this.#rules.tokenKey.tryOpen(bytes);
    if (!token.ok) return this.#frame(bytes, token.error);
    const message = tryReadHandshake(token.value.text);
    if (!message.ok) return { type: "refused", issue: message.error };
    switch (message.value.command) {
      case "connected":
        return this.#addCandidate(message.value.publicKey);
      case "error":
        return { type: "serverFull", message: message.value.message };
      default:
        return refused("a connect from the server");
    }
  }

  /** Wipes all keys but those of `kept`. */
  end(kept?: Session): void {
    this.#pair.wipe();
    for (const { session } of this.#candidates.values()) if (session !== kept) session.wipe();
    this.#candidates.clear();
  }

  #addCandidate(serverKey: Uint8Array): AttemptStep {
    const pinned = this.#rules.serverKey;
    if (pinned !== undefined && !equalBytes(pinned, serverKey)) return refused("another key than the pinned one");
    const name = toHex(serverKey);
    if (this.#candidates.has(name)) return { type: "waiting" };
    try {
      const key = this.#pair.agree(serverKey, frameOptions(this.#rules, this.#env));
      const session = new Session({ key, ...sessionRules(this.#rules, "client") });
      this.#makeRoom();
      this.#candidates.set(name, { serverKey: own(serverKey), session });
      return { type: "waiting" };
    } catch (error) {
      if (!isWireError(error)) throw error;
      return { type: "refused", issue: error.toJSON() };
    }
  }

  /** Drops the oldest candidate at the limit. The true server becomes one again with its next answer. */
  #makeRoom(): void {
    if (this.#candidates.size < CANDIDATES_MAX) return;
    for (const [name, { session }] of this.#candidates) {
      session.wipe();
      this.#candidates.delete(name);
      return;
    }
  }

  #frame(bytes: Uint8Array, noToken: WireIssue): AttemptStep {
    for (const { session, serverKey } of this.#candidates.values()) {
      const received = session.receive(bytes, unixMs(this.#env), MAIN_DATAGRAM_BYTES_MAX);
      if (received.type === "refused") {
        if (received.isAuthentic) return { type: "refused", issue: received.issue };
        continue;
      }
      if (received.type !== "control") return refused("a frame without ports");
      const ports = tryReadPorts(received.frame.plaintext);
      return ports.ok
        ? { type: "ports", ports: ports.value, session, serverKey }
        : { type: "failed", issue: ports.error };
    }
    return { type: "refused", issue: noToken };
  }
}

function refused(actual: string): AttemptStep {
  return { type: "refused", issue: { code: "argument", format: "bittrrt", path: "", actual } };
}
