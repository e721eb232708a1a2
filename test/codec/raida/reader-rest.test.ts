/** A generated reader whose items fill the rest of a body, shown with the request of a ticket. */
import { describe, expect, it } from "vitest";
import { encodeGetTicketRequest, GetTicketRequestReader } from "../../../src/codec/gen/raida/index.js";

describe("a reader whose items fill the rest of the body", () => {
  const coins = [3, 4].map((serial) => ({ denomination: 1, serial, an: new Uint8Array(16).fill(serial) }));
  const bytes = encodeGetTicketRequest({ challenge: new Uint8Array(12), coins });

  it.each([0, 5])("counts them when wrapped at %i", (at) => {
    const padded = new Uint8Array(at + bytes.length + 3);
    padded.set(bytes, at);
    const reader = new GetTicketRequestReader().wrap(padded, at, at + bytes.length);
    expect(reader.countOfCoins).toBe(2);
    expect(reader.coinsSerial(1)).toBe(4);
    expect(() => reader.coinsSerial(2)).toThrow("index");
  });
});
