/** Addresses as text. */
import { describe, expect, it } from "vitest";
import { addressPrefix, formatAddress, parseAddress } from "../src/address.js";

describe("an address", () => {
  it.each([
    ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
    ["server-3:65535", { host: "server-3", port: 65_535 }],
    ["[::1]:80", { host: "::1", port: 80 }],
    ["[fe80::1%eth0]:7", { host: "fe80::1%eth0", port: 7 }],
  ])("%s is read, and written as it was", (text, address) => {
    expect(parseAddress(text)).toEqual(address);
    expect(formatAddress(address)).toBe(text);
  });

  it("of IPv4 that is mapped into IPv6 is written as IPv4", () => {
    expect(formatAddress({ host: "::ffff:192.0.2.7", port: 5 })).toBe("192.0.2.7:5");
  });

  it.each(["", "a", "a:", ":1", "a:99999", "a:65536", "::1:80", "[::1]", "a b:1", "a:-1", "a:1x"])(
    "%j is refused",
    (text) => {
      expect(() => parseAddress(text, "ping", "server")).toThrow(
        expect.objectContaining({ code: "argument", format: "ping", path: "server" }),
      );
    },
  );
});

describe("the prefix by which peers are counted", () => {
  it.each([
    ["192.0.2.7:25000", "192.0.2.7"],
    ["server-3:1", "server-3"],
    ["[2001:db8:1:2:3:4:5:6]:80", "2001:db8:1:2::"],
    ["[2001:db8:1:2::6]:80", "2001:db8:1:2::"],
    ["[2001:db8:1:2:3::]:7", "2001:db8:1:2::"],
    ["[2001:db8::6]:80", "2001:db8:0:0::"],
    ["[2001:db8::]:80", "2001:db8:0:0::"],
    ["[::1]:80", "0:0:0:0::"],
    ["[::]:80", "0:0:0:0::"],
    ["[64:ff9b::192.0.2.7]:80", "64:ff9b:0:0::"],
    ["[fe80::1%eth0]:80", "fe80:0:0:0::"],
  ])("of %s is %s", (address, prefix) => {
    expect(addressPrefix(address)).toBe(prefix);
  });
});
