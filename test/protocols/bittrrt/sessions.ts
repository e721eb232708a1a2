import { FrameKey, Session, type Received, type SessionOptions } from "../../../src/protocols/bittrrt/index.js";

let drawn = 0;
/** Another nonce each time. */
export const random = (n: number): Uint8Array => {
  const nonce = new Uint8Array(n);
  new DataView(nonce.buffer).setUint32(0, ++drawn);
  return nonce;
};

/** The key of every session here. */
export function newKey(): FrameKey {
  return new FrameKey(new Uint8Array(32).fill(5), { random });
}

export const KEY = newKey();

/** A strict server's, unless it is said otherwise. */
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

/** What answers a datagram; undefined where nothing does. */
export function replyOf(received: Received): Uint8Array | undefined {
  if (received.type === "heartbeat") return received.reply;
  return received.type === "control" ? received.ack : undefined;
}

/** Why it was refused; undefined where it was not. */
export function reasonOf(received: Received): string | undefined {
  return received.type === "refused" ? (received.issue.actual ?? received.issue.code) : undefined;
}
