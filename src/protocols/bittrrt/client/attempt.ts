import { equalBytes, own, toHex } from "../../../bytes/index.js";
import { isWireError, type WireIssue } from "../../../errors.js";
import type { Env, Millis } from "../../../machine/index.js";
import { KeyPair } from "../keys.js";
import { tryReadHandshake, tryReadPorts, type Ports } from "../messages.js";
import { frameOptions, sessionRules, unixMs } from "../options.js";
import { Session } from "../session.js";
import type { TokenWriter } from "../token-writer.js";
import type { ClientRules } from "./options.js";

/** Servers that claim to be ours: anybody can say `connected`, and only one knows the key that opens its ports. */
const CLAIMS_MAX = 4;
/** What the client of the reference reads of a datagram at its main port. */
const MAIN_DATAGRAM_BYTES_MAX = 4_096;

/** What became of a datagram at the main port. */
export type AttemptStep =
  | { readonly type: "waiting" }
  | { readonly type: "refused"; readonly issue: WireIssue }
  /** The server has no ports; it may have some later. */
  | { readonly type: "turnedAway"; readonly message: string }
  | { readonly type: "ports"; readonly ports: Ports; readonly session: Session; readonly serverKey: Uint8Array }
  /** What the server said under its key cannot be used. */
  | { readonly type: "failed"; readonly issue: WireIssue };

interface Claim {
  readonly serverKey: Uint8Array;
  readonly session: Session;
}

/** One handshake: one port, one pair of keys, `connect` again and again until ports come. */
export class Attempt {
  readonly #rules: ClientRules;
  readonly #env: Env;
  readonly #pair: KeyPair;
  readonly #claims = new Map<string, Claim>();
  /** Where it is sent from; undefined while that is being bound. */
  local: string | undefined;
  connects = 0;
  nextConnectMs: Millis = Infinity;

  constructor(rules: ClientRules, env: Env) {
    this.#rules = rules;
    this.#env = env;
    this.#pair = KeyPair.generate((n) => env.random(n));
  }

  /** The next `connect`. */
  connect(tokens: TokenWriter, nowMs: Millis): Uint8Array {
    this.connects++;
    this.nextConnectMs = nowMs + this.#rules.connectMs;
    return tokens.write({ command: "connect", publicKey: this.#pair.publicKey });
  }

  /** Takes a datagram of the server. The bytes are borrowed. */
  receive(datagram: Uint8Array): AttemptStep {
    const isCut = this.#rules.profile === "reference" && datagram.length > MAIN_DATAGRAM_BYTES_MAX;
    const bytes = isCut ? datagram.subarray(0, MAIN_DATAGRAM_BYTES_MAX) : datagram;
    const token = this.#rules.tokenKey.tryOpen(bytes);
    if (!token.ok) return this.#frame(bytes, token.error);
    const message = tryReadHandshake(token.value.text);
    if (!message.ok) return { type: "refused", issue: message.error };
    switch (message.value.command) {
      case "connected":
        return this.#claim(message.value.publicKey);
      case "error":
        return { type: "turnedAway", message: message.value.message };
      default:
        return refused("a connect");
    }
  }

  /** Forgets the keys; those of `kept` stay. */
  end(kept?: Session): void {
    this.#pair.wipe();
    for (const { session } of this.#claims.values()) if (session !== kept) session.wipe();
    this.#claims.clear();
  }

  #claim(serverKey: Uint8Array): AttemptStep {
    const pinned = this.#rules.serverKey;
    if (pinned !== undefined && !equalBytes(pinned, serverKey)) return refused("another key than the pinned one");
    const name = toHex(serverKey);
    if (this.#claims.has(name)) return { type: "waiting" };
    try {
      const key = this.#pair.agree(serverKey, frameOptions(this.#rules, this.#env));
      const session = new Session({ key, ...sessionRules(this.#rules, "client") });
      this.#makeRoom();
      this.#claims.set(name, { serverKey: own(serverKey), session });
      return { type: "waiting" };
    } catch (error) {
      if (!isWireError(error)) throw error;
      return { type: "refused", issue: error.toJSON() };
    }
  }

  /** The oldest claim gives way: the true server repeats its own with each answer. */
  #makeRoom(): void {
    if (this.#claims.size < CLAIMS_MAX) return;
    for (const [name, { session }] of this.#claims) {
      session.wipe();
      this.#claims.delete(name);
      return;
    }
  }

  #frame(bytes: Uint8Array, noToken: WireIssue): AttemptStep {
    for (const { session, serverKey } of this.#claims.values()) {
      const received = session.receive(bytes, unixMs(this.#env), MAIN_DATAGRAM_BYTES_MAX);
      if (received.type === "refused") {
        if (received.isAuthentic) return { type: "refused", issue: received.issue };
        continue;
      }
      if (received.type !== "control") return refused("a frame that tells no ports");
      const ports = tryReadPorts(received.frame.plaintext);
      return ports.ok
        ? { type: "ports", ports: ports.value, session, serverKey }
        : { type: "failed", issue: ports.error };
    }
    return { type: "refused", issue: noToken };
  }
}

function refused(actual: string): AttemptStep {
  return { type: "refused", issue: { code: "argument", format: "bittrrt", path: "", offset: 0, actual } };
}
