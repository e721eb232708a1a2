import { KeyPair } from "../../protocols/bittrrt/index.js";
import type { Field } from "../fields.js";
import { differences } from "../verdict.js";
import { isWireError } from "../../errors.js";
import { integer, recordedFrame, referenceKey, refusal, sameness, shown, type Kinds, type Played } from "./outcomes.js";

/** Frames, keys, and frames of old versions. */
export const FRAME_KINDS: Kinds = {
  "frame.encrypt": frame,
  session: frame,
  "frame.decrypt_error": (vector) => {
    const key = referenceKey(vector.get("key_hex").bytes(), []);
    const datagram = vector.get("inputs").get("datagram_hex").bytes();
    return refusal(!key.tryOpen(datagram, aadOf(vector)).ok, "datagram");
  },
  // Our handle cannot be without a key, only with one that is none.
  api_error: () =>
    refusal(
      throwsWireError(() => referenceKey(new Uint8Array(0), [])),
      "no key",
    ),
  dh: agreement,
  dh_error: (vector) => {
    const inputs = vector.get("inputs");
    const pair = new KeyPair(inputs.get("private_hex").bytes(32));
    const peer = inputs.get("peer_public_hex").bytes();
    return refusal(
      throwsWireError(() => pair.agree(peer, { random: () => peer })),
      "public key",
    );
  },
  "legacy.encrypt": legacyFrame,
  "legacy.encrypt05": (vector) => {
    const key = referenceKey(vector.get("key_hex").bytes(), []);
    return refusal(!key.tryOpen(vector.get("output_hex").bytes()).ok, "frame without a header");
  },
  "legacy.clear": (vector) => {
    const key = referenceKey(new Uint8Array(32), []);
    return refusal(!key.tryOpen(vector.get("output_hex").bytes()).ok, "clear text");
  },
};

function frame(vector: Field): Played {
  const inputs = vector.get("inputs");
  const key = referenceKey(vector.get("key_hex").bytes(), [vector.get("nonce_hex").bytes()]);
  const output = vector.get("output_hex").bytes();
  const fields = {
    flags: integer(inputs.get("flags")),
    channel: integer(inputs.get("channel")),
    sequence: integer(inputs.get("sequence")),
    offset: integer(inputs.get("offset")),
  };
  const datagram = key.seal(inputs.get("plaintext_hex").bytes(), fields, aadOf(vector));
  const decoded = vector.get("decoded");
  const read = decoded.get("flags").exists
    ? sameness("opened", recordedFrame(decoded), shown(key.open(output, aadOf(vector))))
    : [];
  return [...differences("datagram", output, datagram), ...read];
}

function agreement(vector: Field): Played {
  const inputs = vector.get("inputs");
  const nonce = vector.get("nonce_hex").isGiven ? vector.get("nonce_hex").bytes() : new Uint8Array(12);
  const recorded = referenceKey(vector.get("key_hex").bytes(), [nonce]);
  const pair = new KeyPair(inputs.get("client_private_hex").bytes(32));
  const random = (): Uint8Array => nonce;
  const agreed = pair.agree(inputs.get("server_public_hex").bytes(32), { random });
  const probe = new TextEncoder().encode("after-dh");
  const fields = { flags: 1, channel: 2, sequence: 3n, offset: 4n };
  const expected = vector.get("output_hex").isGiven ? vector.get("output_hex").bytes() : recorded.seal(probe, fields);
  return differences("a frame under the key", expected, agreed.seal(probe, fields));
}

function legacyFrame(vector: Field): Played {
  const inputs = vector.get("inputs");
  const bytes = vector.get("key_hex").bytes();
  const output = vector.get("output_hex").bytes();
  const legacy = referenceKey(bytes, [vector.get("nonce_hex").bytes()], { headerFormat: "channel4" });
  const fields = {
    channel: integer(inputs.get("channel")),
    sequence: integer(inputs.get("sequence")),
    offset: integer(inputs.get("offset")),
  };
  const datagram = legacy.seal(inputs.get("plaintext_hex").bytes(), fields, aadOf(vector));
  const decoded = vector.get("decoded");
  return [
    ...differences("datagram", output, datagram),
    ...sameness("as 0.6", { ...recordedFrame(decoded.get("legacy")), flags: 0 }, shown(legacy.open(output))),
    ...sameness("as 0.7", recordedFrame(decoded.get("as_new")), shown(referenceKey(bytes, []).open(output))),
  ];
}

function aadOf(vector: Field): Uint8Array {
  const aad = vector.get("inputs").get("aad_hex");
  return aad.exists ? aad.bytes() : new Uint8Array(0);
}

function throwsWireError(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch (error) {
    if (isWireError(error)) return true;
    throw error;
  }
}
