/** Values of the formats of the levels, which are not drawn: their fuzzers begin with these. */
import type { Pieces } from "../../../fuzz/decoders.js";

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i + length);

type Long = (n: number) => unknown;

const header = (level: number, parameters: object, long: Long) => ({
  level,
  flags: 0,
  chunkLog2: 12 + level,
  fields: {
    flowId: bytes(16),
    createdMs: long(1_780_000_000_000),
    sender: "alice",
    recipient: "bob",
    masterSae: "a",
    slaveSae: "",
    kmeId: "",
    keys: level < 3 ? [{ keyId: "k-1", keyBytes: 32 }] : [],
    parameters,
  },
  headerTag: bytes(level === 1 ? 16 : 32),
  signature: bytes(level === 3 ? 4627 : level === 4 ? 512 : 0),
});

const headers = (long: Long) => {
  const member = { salt: bytes(32), senderFingerprint: bytes(32), recipientFingerprint: bytes(32) };
  return [
    header(1, { kind: "pad", contentBytes: long(5) }, long),
    header(2, { kind: "cipher", salt: bytes(32) }, long),
    header(3, { kind: "kem", ...member, kemCiphertext: bytes(1568) }, long),
    header(4, { kind: "rsa", ...member, wrappedKey: bytes(512) }, long),
  ];
};

/** By format. */
export const pieces: Pieces = {
  qkd_envelope_header: headers,
  qkd_envelope: (long) =>
    headers(long).map((one) => ({
      header: one,
      chunks: [
        { isLast: false, ciphertext: bytes(3), tag: bytes(16) },
        { isLast: true, ciphertext: bytes(0), tag: bytes(16) },
      ],
    })),
  qkd_public_bundle: (long) => [
    bundle(3, { kind: "post_quantum", kemKey: bytes(1568), signatureKey: bytes(2592) }, long),
    bundle(4, { kind: "rsa", encryptionKey: bytes(9), signatureKey: bytes(0) }, long),
  ],
  qkd_secret_bundle: (long) => [
    bundle(3, { kind: "post_quantum", kemSeed: bytes(64), signatureSeed: bytes(32) }, long),
    bundle(4, { kind: "rsa", encryptionKey: bytes(9), signatureKey: bytes(0) }, long),
  ],
  qkd_reservation: (long) => [
    record(1, { kind: "reserved", flowId: bytes(16), createdMs: long(7), keys: [bytes(32), bytes(32)] }),
    record(2, { kind: "used", flowId: bytes(16) }),
    record(3, { kind: "burnt", flowId: bytes(16) }),
    record(4, { kind: "seen", flow: bytes(32), createdMs: long(7) }),
    record(5, { kind: "taken", createdMs: long(7), keys: [bytes(32)] }),
  ],
};

function bundle(level: number, pairs: object, long: Long) {
  return { level, id: "alice", createdMs: long(7), keys: { pairs } };
}

function record(code: number, entry: object) {
  return { code, record: { entry } };
}
