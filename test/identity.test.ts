/** Identities against the servers that links expect. */
import { describe, expect, it } from "vitest";
import { identityMismatch, shortestIp, type ExpectedServer, type PeerIdentity } from "../src/identity.js";

const DIGEST = "0123456789abcdef".repeat(4);

function identity(parts: Partial<PeerIdentity>): PeerIdentity {
  return { dnsNames: [], ipAddresses: [], uris: [], sha256: DIGEST, ...parts };
}

describe("a host name", () => {
  it.each([
    ["server.example", ["server.example"], true],
    ["SERVER.example.", ["server.EXAMPLE"], true],
    ["server.example", ["other.example", "server.example"], true],
    ["a.server.example", ["server.example"], false],
    ["server.example", ["server.example.evil"], false],
    ["server.example", [], false],
    ["", [""], false],
    // RFC 9525 §6.3: the wildcard is one whole label, the leftmost.
    ["a.example.org", ["*.example.org"], true],
    ["example.org", ["*.example.org"], false],
    ["a.b.example.org", ["*.example.org"], false],
    [".example.org", ["*.example.org"], false],
    ["ab.example.org", ["a*.example.org"], false],
    ["a.b.example.org", ["a.*.example.org"], false],
    ["example.org", ["*.org"], false],
    ["a.b.c", ["*.*.c"], false],
    ["org", ["*"], false],
    ["127.0.0.1", ["127.0.0.1"], false],
  ])("%s, asked of %j: %s", (hostName, dnsNames, matches) => {
    expect(identityMismatch(identity({ dnsNames }), { hostName })).toBe(matches ? undefined : "wrong-name");
  });

  it.each([
    ["127.0.0.1", ["127.0.0.1"], true],
    ["127.0.0.1", ["127.0.0.2"], false],
    ["0:0:0:0:0:0:0:1", ["::1"], true],
    ["[::1]", ["::1"], true],
    ["FE80::1%eth0", ["fe80::1"], true],
    ["::2", ["::1"], false],
    ["127.0.0.01", ["127.0.0.1"], false],
    ["server.example", ["127.0.0.1"], false],
  ])("that is the address %s, asked of %j: %s", (hostName, ipAddresses, matches) => {
    expect(identityMismatch(identity({ ipAddresses }), { hostName })).toBe(matches ? undefined : "wrong-name");
  });

  it("is never the common name", () => {
    expect(identityMismatch(identity({ commonName: "server" }), { hostName: "server" })).toBe("wrong-name");
  });
});

describe("a common name", () => {
  it("names a certificate without alternative names, exactly", () => {
    expect(identityMismatch(identity({ commonName: "KME 1" }), { commonName: "KME 1" })).toBeUndefined();
    expect(identityMismatch(identity({ commonName: "KME 1" }), { commonName: "kme 1" })).toBe("wrong-name");
    expect(identityMismatch(identity({}), { commonName: "KME 1" })).toBe("wrong-name");
  });

  it.each([{ dnsNames: ["a"] }, { ipAddresses: ["::1"] }, { uris: ["a:b"] }])("names none with %j", (others) => {
    expect(identityMismatch(identity({ commonName: "a", ...others }), { commonName: "a" })).toBe("wrong-name");
  });
});

describe("a digest", () => {
  it.each([
    [DIGEST, true],
    [DIGEST.toUpperCase(), true],
    [DIGEST.replace(/..(?!$)/g, "$&:"), true],
    [DIGEST.replace("0", "1"), false],
    [DIGEST.slice(2), false],
    ["", false],
  ])("%s matches: %s", (sha256, matches) => {
    expect(identityMismatch(identity({}), { sha256 })).toBe(matches ? undefined : "wrong-fingerprint");
  });
});

it.each([{}, { hostName: undefined }, { commonName: undefined }, { sha256: undefined }, { name: "server" }])(
  "an expectation without types, %j, matches nobody",
  (expected) => {
    const everything = identity({ dnsNames: ["undefined", "server"] });
    expect(identityMismatch(everything, expected as unknown as ExpectedServer)).toMatch(/^wrong-/);
    expect(identityMismatch(identity({}), expected as unknown as ExpectedServer)).toMatch(/^wrong-/);
  },
);

it.each([
  ["1.2.3.4", "1.2.3.4"],
  ["1.2.3.256", undefined],
  ["1.2.3", undefined],
  ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["::ffff:1.2.3.4", "::ffff:102:304"],
  ["1::2::3", undefined],
  ["name", undefined],
])("the shortest text of %s is %s", (text, shortest) => expect(shortestIp(text)).toBe(shortest));
