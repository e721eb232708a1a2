/** Sessions for tests, all under one key. */
import { FrameKey, Session, type Received, type SessionOptions } from "../../../src/protocols/bittrrt/index.js";

let drawn = 0;
/** A new nonce each time. */
export const random = (n: number): Uint8Array => {
  const nonce = new Uint8Array(n);
  new DataView(nonce.buffer).setUint32(0, ++drawn);
  return nonce;
};

/** A handle of the key that all sessions share. */
export function newKey(): FrameKey {
  return new FrameKey(new Uint8Array(32).fill(5), { random });
}

/** The key of the peer. */
export const KEY = newKey();

/** A session, by default of a strict server. */
export function session(options: Partial<SessionOptions> = {}): Session {
  return new Session({
    key: newKey(),
    role: "server",
    profile: "strict",
    heartbeat: "binary",
    stampAgeMsMax: 60_000,
    replayWindow: 64,
    ...options,
  });
}

/** The answer to a datagram; undefined if there is none. */
export function replyOf(received: Received): Uint8Array | undefined {
  if (received.type === "heartbeat") return received.reply;
  return received.type === "control" ? received.ack : undefined;
}

/** Why a datagram is refused; undefined if it is not. */
export function reasonOf(received: Received): string | undefined {
  return received.type === "refused" ? (received.issue.actual ?? received.issue.code) : undefined;
}
