/** The type of the tag of a RAIDA request header, which its kind narrows. */
import { expect, it } from "vitest";
import {
  decodeRequestHeader,
  encodeRequestHeader,
  REQUEST_HEADER_LEGACY_DEFAULTS,
  REQUEST_HEADER_MODERN_DEFAULTS,
  type RequestHeader,
} from "../../../src/codec/gen/raida/index.js";

it("a tag has the values that its kind allows, in types and when it is encoded", () => {
  const rest = { raidaId: 1, commandGroup: 1, command: 1, bodyLength: 0, nonce: new Uint8Array(8) };
  const legacy: RequestHeader = { ...REQUEST_HEADER_LEGACY_DEFAULTS, ...rest, encryptionType: 2 };
  expect(decodeRequestHeader(encodeRequestHeader(legacy))).toEqual(legacy);
  // @ts-expect-error 4 means the other kind
  const wrong: RequestHeader = { ...legacy, encryptionType: 4 };
  expect(() => encodeRequestHeader(wrong)).toThrow("one of 0, 1, 2, got 4");
  // @ts-expect-error the kind allows several values, so the sender has to choose
  const open: RequestHeader = { ...REQUEST_HEADER_MODERN_DEFAULTS, ...rest };
  expect(() => encodeRequestHeader(open)).toThrow("encryptionType");
});
