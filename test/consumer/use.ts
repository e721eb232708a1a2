/** A user's TypeScript, checked against the source here, and against the packed declarations in CI. */
import { fromHex, toHex } from "specwire/bytes";
import { FrameReader, isWireError, type Result, type WireIssue } from "specwire/codec";
import { chacha20Poly1305Seal, sha256 } from "specwire/kernel";
import type { Effect, Event, Machine } from "specwire/machine";
import { decodeFrameU32, encodeFrameU32, type FrameU32, peekFrameU32Length, tryDecodeFrameU32 } from "specwire/rpc";

const [KEY, NONCE] = [new Uint8Array(32), new Uint8Array(12)];
const frame: FrameU32 = { message: sha256(fromHex("616263")) };
export const bytes: Uint8Array = encodeFrameU32(frame);
export const message: string = toHex(decodeFrameU32(bytes).message);

/** The platform takes new bytes as they are: since TypeScript 5.9 it takes only those whose memory cannot be shared. */
export const blob = new Blob([encodeFrameU32(frame), fromHex("616263"), sha256(fromHex("616263"))]);
export const platformDigest: Promise<ArrayBuffer> = crypto.subtle.digest("SHA-256", encodeFrameU32(frame));
export const request = new Request("https://example.org", {
  method: "POST",
  body: chacha20Poly1305Seal(KEY, NONCE, bytes),
});

const outcome: Result<FrameU32> = tryDecodeFrameU32(bytes.subarray(1));
export const issue: WireIssue | undefined = outcome.ok ? undefined : outcome.error;

/** Sends every frame back to where it came from. */
export class Echo implements Machine {
  readonly #readers = new Map<number, FrameReader>();

  step(event: Event, _nowMs: number, out: Effect[]): void {
    if (event.type === "opened") this.#readers.set(event.link, new FrameReader(peekFrameU32Length, 1024));
    if (event.type === "closed") this.#readers.delete(event.link);
    if (event.type !== "bytes") return;
    this.#readers.get(event.link)?.read(event.bytes, (chunk, at, end) => {
      out.push({ type: "write", link: event.link, bytes: encodeFrameU32(decodeFrameU32(chunk, at, end)) });
    });
  }

  nextWakeMs(): number {
    return Infinity;
  }
}

export function refusal(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (isWireError(error)) return error.code;
    throw error;
  }
}
