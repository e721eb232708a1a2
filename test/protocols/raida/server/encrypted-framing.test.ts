/** Tests of the framing, counters and errors of encrypted requests. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { anOf, changed, nameOf, xorOf } from "../harness.js";
import { counterOf, ctr, keyOf, seal, unseal } from "../node-crypto.js";
import {
  ascii,
  askSealed,
  coin,
  LEGACY_SEALS,
  MODERN_SEALS,
  name,
  PAN,
  encryptedHarness,
  WRONG,
} from "../encrypted-harness.js";
import { DETECT, ECHO, POWN, POWN_SUM, VERSION, PEEK, FIX_ENCRYPTION } from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";

const NOTHING = new Uint8Array(0);

describe.each(LEGACY_SEALS)("type $type", (how) => {
  it("refuses a body that has no trailer, is short, or has another checksum, in that order", () => {
    const request = seal(how, ...ECHO, NOTHING);
    const ruined = changed(request, { 49: request[49]! ^ 1, 48: request[48]! ^ 1, 33: request[33]! ^ 1 });
    const harness = encryptedHarness();
    const cut = (length: number, changes = {}): Uint8Array =>
      changed(ruined.subarray(0, 32 + length), { 22: 0, 23: length, ...changes });
    const trailed = (length: number): Uint8Array => cut(length, { [30 + length]: 0x3e, [31 + length]: 0x3e });
    for (const bytes of [cut(1), trailed(2), trailed(17)]) {
      const short = harness.ask(bytes);
      expect([short.header.status, short.header.challengeHash]).toEqual([Status.errorPacketLength, new Uint8Array(16)]);
    }
    for (const bytes of [ruined, cut(2), cut(17)]) {
      const endless = harness.ask(bytes);
      expect([endless.header.status, endless.header.challengeHash]).toEqual([Status.errorEof, new Uint8Array(16)]);
    }
    // What was decrypted is repeated even though its checksum is wrong.
    const unchecked = harness.ask(changed(request, { 33: request[33]! ^ 1 }));
    expect(unchecked.header.status).toBe(Status.errorCrc);
    expect(unchecked.header.challengeHash[0]).toBe(how.secrets[0]![0]! ^ 0xa0);
    expect(unchecked.header.challengeHash[1]).toBe(how.secrets[0]![1]! ^ 0xa1 ^ 1);
  });

  it("answers errorEncryptionKeyNotFound without the coin or locker, before the body arrives", () => {
    const harness = encryptedHarness();
    const other = changed(seal(how, ...ECHO, NOTHING), { 17: 5, 18: 0xff });
    const link = harness.send(other.subarray(0, 32));
    expect(harness.reply(link)!.header).toMatchObject({
      status: Status.errorEncryptionKeyNotFound,
      commandGroup: 0,
      echo: 0x3738,
      bodyLength: 0,
    });
    expect(harness.open.size).toBe(0);
  });

  it("answers an echo and a version without a body", () => {
    const header = changed(seal(how, ...VERSION, NOTHING).subarray(0, 32), { 22: 0, 23: 0 });
    const reply = encryptedHarness().ask(header);
    expect(reply.header).toMatchObject({ status: Status.success, challengeHash: new Uint8Array(16), bodyLength: 10 });
  });
});

describe.each(MODERN_SEALS)("type $type", (how) => {
  describe.each([32, 128] as const)("with a counter of %i bits", (counterBits) => {
    it("carries past the low 32 bits as configured", () => {
      const nonce = new Uint8Array(24).fill(0xff);
      const payload = concatBytes(coin(5), coin(6), coin(6, WRONG), coin(5));
      const options = { type45Layout: "natural", counterBits } as const;
      const right = askSealed(encryptedHarness(options), { ...how, nonce, counterBits }, ...DETECT, payload);
      expect([right.status, ...right.payload]).toEqual([Status.mixed, 0b1011]);
      // Whoever counts otherwise has sent nonsense behind its first block.
      const other = seal({ ...how, nonce, counterBits: counterBits === 32 ? 128 : 32 }, ...DETECT, payload);
      expect(encryptedHarness(options).ask(other).header.status).toBe(Status.allFail);
    });
  });

  it("answers an echo without a body, and says of other commands that they are empty", () => {
    for (const [group, command, status] of [
      [...ECHO, Status.success],
      [...DETECT, Status.errorEmptyRequest],
      [...PEEK, Status.errorEmptyRequest],
      [...FIX_ENCRYPTION, Status.errorPacketLength],
    ] as const) {
      const header = changed(seal(how, group, command, NOTHING).subarray(0, 48), { 17: 0, 18: 0 });
      const harness = encryptedHarness();
      expect(unseal(how, header, harness.ask(header).bytes)).toMatchObject({ status, headerBytes: 48, bodyBytes: 0 });
      expect(unseal(how, header, harness.askDatagram(header).bytes)).toMatchObject({ status, bodyBytes: 0 });
    }
  });

  it("takes the longest body that a header can announce", () => {
    const longest = new Uint8Array(0xffff - 34);
    expect(askSealed(encryptedHarness(), how, ...ECHO, longest)).toMatchObject({
      status: Status.success,
      bodyBytes: 0,
    });
  });

  it("does not let a peer that counts 32 bits read it wrongly", () => {
    const harness = encryptedHarness({ type45Layout: "natural" });
    for (let i = 0; i < 50; i++) {
      const request = seal(how, ...VERSION, NOTHING);
      const reply = harness.ask(request).bytes;
      // Byte 12 of the nonce: the low 32 bits of the counter do not come near their end.
      expect(reply[24 + 12]).toBe(0);
      for (const counterBits of [32, 128] as const) {
        expect(unseal({ ...how, counterBits }, request, reply).payload).toEqual(ascii("20261121"));
      }
    }
  });

  it("refuses a body that has no trailer, is short, or has another HMAC, in that order", () => {
    const request = seal(how, ...VERSION, ascii("x"));
    const end = request.length;
    const ruined = changed(request, { [end - 1]: 0xe3, [end - 2]: 0xe3, 48: request[48]! ^ 1 });
    const harness = encryptedHarness();
    const cut = (length: number, changes = {}): Uint8Array =>
      changed(ruined.subarray(0, 48 + length), { 18: length, ...changes });
    const trailed = (length: number): Uint8Array => cut(length, { [46 + length]: 0x3e, [47 + length]: 0x3e });
    const status = (bytes: Uint8Array): number => unseal(how, bytes, harness.ask(bytes).bytes).status;
    expect([cut(1), trailed(2), trailed(33)].map(status)).toEqual([
      Status.errorPacketLength,
      Status.errorPacketLength,
      Status.errorPacketLength,
    ]);
    expect([ruined, cut(2), cut(33)].map(status)).toEqual([Status.errorEof, Status.errorEof, Status.errorEof]);
    expect(status(changed(request, { 48: request[48]! ^ 1 }))).toBe(Status.errorInvalidHmac);
    expect(status(changed(request, { [end - 3]: request[end - 3]! ^ 1 }))).toBe(Status.errorInvalidHmac);
    expect(status(request)).toBe(Status.success);
  });

  it("answers errorEncryptionCoinNotFound without a coin, before the body arrives, in 48 bytes", () => {
    for (const at of how.type === 4 ? [19] : [19, 24]) {
      const harness = encryptedHarness();
      const link = harness.send(changed(seal(how, ...ECHO, NOTHING), { [at]: 9 }).subarray(0, 48));
      const reply = harness.written.get(link)!;
      expect(reply).toHaveLength(48);
      expect([reply[2], reply[3], reply[16], ...reply.subarray(9, 12)]).toEqual([
        Status.errorEncryptionCoinNotFound,
        0,
        how.type,
        0,
        0,
        0,
      ]);
      expect(harness.open.size).toBe(0);
    }
  });

  it("repeats the coins where a reply has them, and draws another nonce each time", () => {
    const harness = encryptedHarness();
    const request = seal(how, ...ECHO, NOTHING);
    const [first, second] = [harness.ask(request).bytes, harness.ask(request).bytes];
    expect(first.subarray(17, 24)).toEqual(concatBytes(nameOf(2, 40), new Uint8Array(2)));
    if (how.type === 5) expect(first.subarray(24, 29)).toEqual(nameOf(-3, 2_000));
    expect(first.subarray(29, 46)).not.toEqual(second.subarray(29, 46));
  });

  it("lends a payload of C servers the first bytes of the HMAC, decrypted with it", () => {
    // A padding coin that is right: its new number is what stands behind the payload.
    const payload = concatBytes(coin(5), PAN, coin(6));
    const request = seal(how, ...POWN, payload);
    const hmacBytes = request.subarray(48 + payload.length, 48 + payload.length + 16);
    const zeros = concatBytes(payload, new Uint8Array(16));
    const stream = ctr(keyOf(how), counterOf(how, request), zeros, 128).subarray(payload.length);
    for (const profile of ["strict", "reference"] as const) {
      const harness = encryptedHarness({ profile });
      expect(unseal(how, request, harness.ask(request).bytes).status).toBe(Status.allPass);
      expect(harness.kept(1, 5).an).toEqual(PAN);
      expect(harness.kept(1, 6).an).toEqual(xorOf(hmacBytes, stream));
    }
  });

  it("never makes numbers of the HMAC: pown_sum in the layout of C servers is refused", () => {
    const payload = concatBytes(name(5), anOf(1, 5));
    const harness = encryptedHarness();
    expect(askSealed(harness, how, ...POWN_SUM, payload).status).toBe(Status.errorPacketLength);
    expect(harness.kept(1, 5)).toEqual({ an: anOf(1, 5), mfs: 0 });
    expect(askSealed(encryptedHarness({ profile: "reference" }), how, ...POWN_SUM, payload).status).toBe(
      Status.allPass,
    );
  });
});

describe("a type that is not known", () => {
  it.each([3, 6, 255])("%i gets errorEncryptionCode with a header of 48 bytes, once 48 bytes have arrived", (type) => {
    const harness = encryptedHarness();
    const bytes = changed(new Uint8Array(48), { 0: 1, 2: 3, 7: 6, 16: type });
    const link = harness.send(bytes.subarray(0, 47));
    expect(harness.written.get(link)).toBeUndefined();
    harness.step({ type: "bytes", link, bytes: bytes.slice(47) });
    const reply = harness.written.get(link)!;
    expect(reply).toHaveLength(48);
    expect([reply[2], reply[16]]).toEqual([Status.errorEncryptionCode, type]);
  });

  it("needs no less for an error that comes first, and gets 32", () => {
    const harness = encryptedHarness();
    const bytes = changed(new Uint8Array(48), { 0: 9, 16: 77 });
    const link = harness.send(bytes.subarray(0, 47));
    expect(harness.written.get(link)).toBeUndefined();
    harness.step({ type: "bytes", link, bytes: bytes.slice(47) });
    expect([...harness.written.get(link)!.subarray(0, 4)]).toEqual([3, 0, 255, 0]);
    expect(harness.written.get(link)).toHaveLength(32);
  });
});
