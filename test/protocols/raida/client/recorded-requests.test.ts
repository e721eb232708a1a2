/** The requests of the client against the recorded ones, byte for byte. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { nameOf } from "../harness.js";
import { counterOf, ctr, hmac, keyOf, type Seal } from "../node-crypto.js";
import { RECORDED } from "./recorded-client.js";
import { open } from "./server.js";

/** Families whose requests our client writes in another way, or not at all. */
const OTHERWISE: Readonly<Record<string, RegExp>> = {
  "has a header or a datagram that is malformed, to see what the server says": /^error\.(?!wrong-raida)|^udp\./,
  "has a body of another length than the client's":
    /\.(extra-bytes|no-body|not-div|too-short|bad-length|body-too-short|with-challenge-rejected|echo\.payload)$/,
  "has a body whose content is malformed": /\.(bad-raida-idx|bad-crc|bad-hmac)$/,
  "is encrypted under a coin or locker that there is not": /coin-not-found$|^type2\.not-found$/,
  "has bytes that no command reads": /^validate_ticket\.as-c-peer$|^type2\.peek$/,
  "asks for what there is not": /^get_ticket_by_sum|\.group2-rejected$/,
  "has a layout that C servers do not read": /natural-layout-rejected$|validate_ticket\.impossible$/,
  "has a length that harms": /^type1\.pown\.self$/,
  "lets a counter carry, which ours never does": /^hw\.type4\.ctr-wrap/,
  "changes nothing": /^pown\.an-equals-pan$/,
  "encrypts what is always in clear": /^encrypt_key\.type1$/,
  "has a record of nothing but zeros": /^decrypt_key\.no-coin-file$/,
  "names helpers that there are not": /^qmail\.fix_encryption-layout$/,
};

const families = [...new Set(RECORDED.map(({ vector }) => vector.family))];
const isSame = (family: string): boolean => !Object.values(OTHERWISE).some((pattern) => pattern.test(family));

/** A recorded request without bytes 8 to 15, which name the recorder and which no server reads. */
function presented(request: Uint8Array): Uint8Array {
  return request.slice().fill(0, 8, 16);
}

/** The same request under a nonce whose byte 12 is 0, with another padding entry. */
function resealed(how: Seal, request: Uint8Array, padding: Uint8Array): Uint8Array {
  const { plain } = open(how, request);
  const header = presented(request).slice(0, 48);
  header[36] = 0;
  const clear = concatBytes(plain.subarray(0, plain.length - padding.length), padding);
  const sealed = ctr(keyOf(how), counterOf(how, header), clear, 128);
  return concatBytes(header, sealed, hmac(keyOf(how), sealed), Uint8Array.of(0x3e, 0x3e));
}

describe("the recorded requests", () => {
  it("that our client writes in another way are exactly these families", () => {
    for (const pattern of Object.values(OTHERWISE)) expect(families.some((family) => pattern.test(family))).toBe(true);
    expect([families.length, families.filter(isSame).length]).toEqual([140, 77]);
  });

  it.each(families.filter(isSame))("of %s are equal byte for byte", (family) => {
    for (const one of RECORDED.filter(({ vector }) => vector.family === family)) {
      const sent = one.client().sent(one.request);
      const expected = presented(one.vector.request);
      if (one.isFilledUp) {
        expect(sent.length).toBeGreaterThan(expected.length);
        continue;
      }
      if (one.vector.command === "4/44" || one.vector.command === "4/45") expected.fill(0, 24, 32);
      if (one.type < 4) expect(sent).toEqual(expected);
      else {
        const how = one.seal!;
        // Our padding coin has the name of the first coin; its numbers are random.
        const paddingBytes = { detect: 5, getTicket: 5, pown: 21, find: 21 }[one.command as string] ?? 0;
        const ours = open(how, sent).plain;
        const padding = ours.slice(ours.length - paddingBytes);
        expect(sent).toEqual(resealed(how, one.vector.request, padding));
        if (paddingBytes > 0 && "coins" in one.request) {
          const { denomination, serial } = one.request.coins[0]!;
          expect(padding.subarray(0, 5)).toEqual(nameOf(denomination, serial));
        }
      }
    }
  });

  it.each(families.filter((family) => !isSame(family)))("of %s differ", (family) => {
    for (const one of RECORDED.filter(({ vector }) => vector.family === family)) {
      let sent: Uint8Array | undefined;
      try {
        sent = one.client().sent(one.request);
      } catch (error) {
        expect(String(error)).toContain("argument");
      }
      expect(sent).not.toEqual(presented(one.vector.request));
    }
  });
});
