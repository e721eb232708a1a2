/** Recorded frames and key agreements. */
import { concatBytes } from "../../bytes/index.js";
import { ChaCha20Poly1305Key } from "../../kernel/index.js";
import { KeyPair } from "../../protocols/bittrrt/index.js";
import type { Field } from "../field.js";
import { differences } from "../verdict.js";
import { isWireError } from "../../errors.js";
import {
  recordedFields,
  referenceKey,
  refusal,
  refusalOf,
  valueDifferences,
  fieldsOf,
  type Players,
  type PlayResult,
} from "./players.js";

/** Plays frames, key agreements, and frames of old versions. */
export const FRAME_PLAYERS: Players = {
  "frame.encrypt": frame,
  session: frame,
  "frame.decrypt_error": (vector) => {
    const key = referenceKey(vector.get("key_hex").bytes(), []);
    const datagram = vector.get("inputs").get("datagram_hex").bytes();
    const opened = key.tryOpen(datagram, aadOf(vector));
    const message = vector.get("decoded").get("message");
    // The error tells a datagram that is too short from one that does not authenticate.
    const isSame =
      !message.isGiven || message.text().includes("too short") === (!opened.ok && opened.error.code === "short");
    return refusalOf(vector, !opened.ok && isSame, "datagram");
  },
  // Our FrameKey cannot lack a key; an empty one stands for that.
  api_error: (vector) =>
    refusalOf(
      vector,
      throwsWireError(() => referenceKey(new Uint8Array(0), [])),
      "no key",
    ),
  dh: agreement,
  dh_error: (vector) => {
    const inputs = vector.get("inputs");
    const pair = new KeyPair(inputs.get("private_hex").bytes(32));
    const peer = inputs.get("peer_public_hex").bytes();
    return refusalOf(
      vector,
      throwsWireError(() => pair.agree(peer, { random: () => peer })),
      "public key",
    );
  },
  "legacy.encrypt": legacyFrame,
  "legacy.encrypt05": frameWithoutHeader,
  "legacy.clear": (vector) => {
    const key = referenceKey(new Uint8Array(32), []);
    const output = vector.get("output_hex").bytes();
    const text = new TextEncoder().encode(vector.get("inputs").get("text").text());
    return key.tryOpen(output).ok ? refusal(false, "clear text") : orRefused(differences("clear text", text, output));
  },
};

function frame(vector: Field): PlayResult {
  const inputs = vector.get("inputs");
  const key = referenceKey(vector.get("key_hex").bytes(), [vector.get("nonce_hex").bytes()]);
  const output = vector.get("output_hex").bytes();
  const fields = {
    flags: inputs.get("flags").bigint(),
    channel: inputs.get("channel").bigint(),
    sequence: inputs.get("sequence").bigint(),
    offset: inputs.get("offset").bigint(),
  };
  const datagram = key.seal(inputs.get("plaintext_hex").bytes(), fields, aadOf(vector));
  const decoded = vector.get("decoded");
  const read = decoded.get("flags").exists
    ? valueDifferences("opened", recordedFields(decoded), fieldsOf(key.open(output, aadOf(vector))))
    : [];
  return [...differences("datagram", output, datagram), ...read];
}

function agreement(vector: Field): PlayResult {
  const inputs = vector.get("inputs");
  const nonce = vector.get("nonce_hex").isGiven ? vector.get("nonce_hex").bytes() : new Uint8Array(12);
  const recorded = referenceKey(vector.get("key_hex").bytes(), [nonce]);
  const pair = new KeyPair(inputs.get("client_private_hex").bytes(32));
  const random = (): Uint8Array => nonce;
  const agreed = pair.agree(inputs.get("server_public_hex").bytes(32), { random });
  const output = vector.get("output_hex");
  const expected = output.isGiven ? output.bytes() : recorded.seal(new TextEncoder().encode("after-dh"));
  const { plaintext, ...fields } = recorded.open(expected);
  return differences("a frame under the key", expected, agreed.seal(plaintext, fields));
}

function legacyFrame(vector: Field): PlayResult {
  const inputs = vector.get("inputs");
  const bytes = vector.get("key_hex").bytes();
  const output = vector.get("output_hex").bytes();
  const legacy = referenceKey(bytes, [vector.get("nonce_hex").bytes()], { headerFormat: "channel4" });
  const fields = {
    channel: inputs.get("channel").bigint(),
    sequence: inputs.get("sequence").bigint(),
    offset: inputs.get("offset").bigint(),
  };
  const datagram = legacy.seal(inputs.get("plaintext_hex").bytes(), fields, aadOf(vector));
  const decoded = vector.get("decoded");
  return [
    ...differences("datagram", output, datagram),
    ...valueDifferences(
      "as 0.6",
      { ...recordedFields(decoded.get("legacy")), flags: 0 },
      fieldsOf(legacy.open(output)),
    ),
    ...valueDifferences(
      "as 0.7",
      recordedFields(decoded.get("as_new")),
      fieldsOf(referenceKey(bytes, []).open(output)),
    ),
  ];
}

/** A frame of version 0.5 has no header: later versions refuse it or read its first 20 bytes as a header. */
function frameWithoutHeader(vector: Field): PlayResult {
  const bytes = vector.get("key_hex").bytes();
  const output = vector.get("output_hex").bytes();
  const asNew = vector.get("decoded").get("as_new");
  const nonce = vector.get("nonce_hex").bytes();
  const plaintext = vector.get("inputs").get("plaintext_hex").bytes();
  const sealed = concatBytes(nonce, new ChaCha20Poly1305Key(bytes).seal(nonce, plaintext));
  const opened = referenceKey(bytes, []).tryOpen(output);
  const found = differences("datagram", output, sealed);
  if (asNew.get("error").isGiven && !opened.ok) return orRefused(found);
  const read = opened.ok ? fieldsOf(opened.value) : opened.error;
  return [
    ...found,
    ...valueDifferences("as 0.7", asNew.get("error").isGiven ? asNew.value : recordedFields(asNew), read),
  ];
}

/** `refused`, or the differences. */
function orRefused(found: readonly string[]): PlayResult {
  return found.length === 0 ? "refused" : found;
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
