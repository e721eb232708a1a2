/** Addresses as text. */
import { describe, expect, it } from "vitest";
import { addressPrefix, addressScope, formatAddress, ipBytes, parseAddress } from "../src/address.js";

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

describe("the bytes of an IP address", () => {
  it.each([
    ["192.0.2.7", [192, 0, 2, 7]],
    ["::ffff:192.0.2.7", [192, 0, 2, 7]],
    ["::1", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
    ["[2001:db8::1:ff]", [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0xff]],
    ["1:2:3:4:5:6:7::", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0]],
    ["64:ff9b::10.1.2.3", [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 10, 1, 2, 3]],
    ["fe80::1%eth0", [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ])("%s", (host, bytes) => {
    expect([...ipBytes(host)!]).toEqual(bytes);
  });

  it.each([
    ["a name", "server-3"],
    ["a byte above 255", "1.2.3.256"],
    ["three bytes", "1.2.3"],
    ["two gaps", "1::2::3"],
    ["nine groups", "1:2:3:4:5:6:7:8:9"],
    ["seven groups", "1:2:3:4:5:6:7"],
    ["a gap of nothing", "1:2:3:4::5:6:7:8"],
    ["five digits", "12345::"],
    ["IPv4 inside", "1.2.3.4::1"],
    ["an empty text", ""],
  ])("are missing for %s", (_, host) => {
    expect(ipBytes(host)).toBeUndefined();
  });
});

describe("the scope of an address", () => {
  it.each([
    ["127.0.0.1", "loopback"],
    ["::1", "loopback"],
    ["[::ffff:127.9.9.9]", "loopback"],
    ["10.1.2.3", "private"],
    ["172.16.0.1", "private"],
    ["172.32.0.1", "public"],
    ["192.168.1.1", "private"],
    ["192.169.1.1", "public"],
    ["169.254.1.1", "private"],
    ["100.64.0.1", "private"],
    ["100.128.0.1", "public"],
    ["fd00::1", "private"],
    ["fe80::1", "private"],
    ["2001:db8::1", "public"],
    ["0.0.0.0", "none"],
    ["224.0.0.1", "none"],
    ["255.255.255.255", "none"],
    ["::", "none"],
    ["ff02::1", "none"],
    ["server-3", undefined],
  ])("%s: %s", (host, scope) => {
    expect(addressScope(host)).toBe(scope);
  });
});
