/** The client reads the recorded replies. */
import { describe, expect, it } from "vitest";
import { Status } from "../../../../src/protocols/raida/index.js";
import { SERVERS, type ClientHarness } from "./harness.js";
import { RECORDED, type Recorded } from "./recorded-client.js";

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const bit = (bytes: Uint8Array, i: number): boolean => ((bytes[i >> 3]! >> (i & 7)) & 1) === 1;
const u32 = (bytes: Uint8Array, at: number): number => new DataView(bytes.slice(at, at + 4).buffer).getUint32(0);
const names = (bytes: Uint8Array): { denomination: number; serial: number }[] =>
  Array.from({ length: bytes.length / 5 }, (_, i) => ({
    denomination: (bytes[5 * i]! << 24) >> 24,
    serial: u32(bytes, 5 * i + 1),
  }));

/** The value of a recorded reply; undefined for an error. */
function saidBy({ command, request, vector }: Recorded, status: number): unknown {
  const plain = vector.replyPlain ?? new Uint8Array(0);
  const count = "coins" in request ? request.coins.length : 0;
  const each = <Value>(value: (i: number) => Value): Value[] => Array.from({ length: count }, (_, i) => value(i));
  const passed = {
    [Status.allPass]: () => true,
    [Status.allFail]: () => false,
    [Status.mixed]: (i: number) => bit(plain, i),
  }[status];
  switch (command) {
    case "echo":
      return status === Status.success ? {} : undefined;
    case "version":
      return status === Status.success ? { version: ascii(plain) } : undefined;
    case "detect":
    case "pown":
      return passed && { authentic: each(passed) };
    case "fix":
      return passed && { fixed: each(passed) };
    case "getTicket":
      return (
        passed && {
          authentic: each(passed),
          ticket: status === Status.allFail ? undefined : u32(plain, plain.length - 4),
        }
      );
    case "detectSum":
    case "pownSum":
      return passed && { authentic: status === Status.allPass };
    case "storeSum":
      return passed && { stored: status === Status.allPass };
    case "validateTicket":
      return status === Status.success ? { coins: names(plain) } : undefined;
    case "find": {
      const result = {
        [Status.findNeither]: () => 0,
        [Status.findAllAn]: () => 1,
        [Status.findAllPan]: () => 2,
        [Status.findMixed]: (i: number) => plain[i]!,
      }[status];
      return result && { results: each(result) };
    }
    case "peek":
      return status === Status.allPass ? { coins: names(plain) } : undefined;
    case "getEncryptionTicket":
      return status === Status.noError ? { ticket: plain } : undefined;
    case "fixEncryption":
      return status === Status.success && "halves" in request
        ? { accepted: request.halves.map((_, i) => plain[i] === 1) }
        : undefined;
    default:
      throw new Error(`nothing was recorded of ${command}`);
  }
}

/** Families of requests that our client never sends. */
const NEVER_ASKED = new Set(["pown.an-equals-pan", "encrypt_key.type1", "decrypt_key.stock-hangs"]);
/** Families whose replies do not repeat the challenge that our client always sends, or come from another server. */
const UNPROVEN = new Set(["echo.no-body", "error.wrong-raida", "error.bad-crc"]);
/** Families in a layout that C servers do not read. */
const NATURAL = /natural-layout-rejected$|validate_ticket\.impossible$/;

/** Gives a client the recorded reply: as a datagram, or in pieces followed by the recorded end of the connection. */
function deliver(client: ClientHarness, { vector }: Recorded): void {
  const reply = vector.response.slice();
  // Our client never has a nonce for these.
  if (vector.command.startsWith("4/")) reply.set([0, 0], 6);
  if (vector.transport === "udp") return client.receiveDatagram(SERVERS[vector.request[2]!]!, reply);
  const { link } = client.connects[0]!;
  client.open(link);
  for (const [from, to] of [
    [0, 1],
    [1, 33],
    [33, reply.length],
  ] as const) {
    if (client.links.has(link) && from < reply.length) client.receive(reply.subarray(from, to), link);
  }
  const error = { code: "closed", format: "tcp", path: "" } as const;
  client.close(link, vector.tcpClose === "RST" ? error : undefined);
}

describe("the client reads the recorded replies", () => {
  const families = new Set(RECORDED.map(({ vector }) => vector.family).filter((family) => !NEVER_ASKED.has(family)));
  it.each([...families])("of %s as they were recorded", (family) => {
    for (const one of RECORDED.filter(({ vector }) => vector.family === family)) {
      const client = one.client({
        replyCounter: one.vector.state.aesPath === "hw" ? "continue" : "restart",
        ...(NATURAL.test(family) && { type45Layout: "natural", readsType5: false }),
      });
      const id = client.call(one.request);
      deliver(client, one);
      // An unproven reply ends the exchange of a datagram only if no better one comes.
      while (!client.outcomes.has(id)) client.wake();
      const status = one.vector.response[2]!;
      const isSealed = one.type === 5 && one.vector.response.length > 48;
      const said = isSealed ? undefined : saidBy(one, status);
      if (UNPROVEN.has(family)) expect(client.errorOf(id).code).toBe("unproven");
      else if (isSealed) expect(client.errorOf(id).code).toBe("undecryptable");
      // One result is missing, because the recorded request had one coin less.
      else if (one.isFilledUp && status === Status.findMixed) expect(client.errorOf(id).code).toBe("count");
      else if (said !== undefined) expect(client.resultOf(id)).toEqual(said);
      else {
        expect(client.errorOf(id)).toMatchObject({ code: "status", path: `server[${one.vector.request[2]}]` });
        expect(client.errorOf(id).actual).toMatch(new RegExp(`^${status} [a-z]+[A-Za-z]*$`));
      }
      expect([client.links.size, client.machine.nextWakeMs()]).toEqual([0, Infinity]);
    }
  });
});

describe("status 204", () => {
  it("is about an HMAC under types 4 and 5, and about the blockchain under the others", () => {
    const sentenceOf = (family: string, status?: number): string | undefined => {
      const one = RECORDED.find(({ vector }) => vector.family === family)!;
      const client = one.client();
      const id = client.call(one.request);
      const reply = one.vector.response.slice();
      if (status !== undefined) reply[2] = status;
      client.open();
      client.receive(reply);
      return client.errorOf(id).actual;
    };
    for (const type of [4, 5]) {
      expect(sentenceOf(`type${type}.bad-hmac`)).toBe("204 errorInvalidHmac");
    }
    for (const family of ["echo.type0", "type1.echo", "type2.echo"]) {
      expect(sentenceOf(family, 204)).toBe("204 errorBlockchain");
    }
  });
});
