/** Requests, options and values of wrong types, as callers without types pass them. */
import { describe, expect, it } from "vitest";
import { Status, type RaidaClientOptions, type RaidaRequest } from "../../../../src/protocols/raida/index.js";
import { ClientHarness, coinOf, SERVERS } from "./harness.js";
import { sampleRequest, CIPHERINGS, SERVER, SUM } from "./plain-requests.js";
import { answer } from "./server.js";

function thrower(): never {
  throw new TypeError("nobody looks at me");
}

/** Requests that only a caller without types can make. */
const coin = { denomination: 1, serial: 1, an: SUM, pan: new Uint8Array(16) };
const REQUESTS: Readonly<Record<string, object>> = {
  "no command": {},
  "no server": { command: "echo" },
  "half a server": { command: "echo", server: 0.5 },
  "a server as text": { command: "echo", server: "3" },
  "a server as a bigint": { command: "echo", server: 3n },
  "a serial number as a bigint": { command: "detect", coins: [{ ...coin, serial: 5n }] },
  "a serial number as text": { command: "getTicket", coins: [{ ...coin, serial: "5" }] },
  "a serial number that is none": { command: "find", coins: [{ ...coin, serial: NaN }] },
  "a serial number below 0": { command: "pown", coins: [{ ...coin, serial: -1 }] },
  "a denomination as a bigint": { command: "pownSum", coins: [{ ...coin, denomination: 1n }], sum: SUM },
  "no denomination": { command: "detectSum", coins: [{ serial: 1 }], sum: SUM },
  "a coin that throws": { command: "detect", coins: [new Proxy(coin, { get: thrower })] },
  "a number that throws": { command: "detect", coins: [{ ...coin, an: new Proxy(SUM, { get: thrower }) }] },
  "tickets as bigints": { command: "fix", coins: [coin], panGenerator: SUM, tickets: new Array(25).fill(1n) },
  "a ticket as text": { command: "validateTicket", claimerId: 1, ticket: "1" },
  "a claimer as a bigint": { command: "validateTicket", claimerId: 1n, ticket: 1 },
  "a dialect that there is not": { command: "getEncryptionTicket", ...coin, keyPart: SUM, dialect: "ours" },
  "halves of a bigint helper": {
    command: "fixEncryption",
    ...coin,
    halves: [{ part: 0, helperId: 1n, ticket: SUM }],
  },
  "a locker's key of another length": { command: "peek", lockerKey: SUM.subarray(1) },
  "a healing of a bigint": { command: "heal", coins: [{ ...coinOf(1, 1), serial: 5n }] },
  "a healing of half a denomination": { command: "heal", coins: [{ ...coinOf(1, 1), denomination: 0.5 }] },
  "a healing of text": { command: "heal", coins: "coins" },
  "a healing without end": { command: "heal", coins: [coinOf(1, 1)], attempts: NaN },
  "a healing of bigint attempts": { command: "heal", coins: [coinOf(1, 1)], attempts: 2n },
  "a healing of a text quorum": { command: "heal", coins: [coinOf(1, 1)], quorum: "13" },
  "a healing by another hash": { command: "heal", coins: [coinOf(1, 1)], panHash: "sha1" },
  "a healing by text": {
    command: "heal",
    coins: [coinOf(1, 1)],
    panGenerators: SERVERS.map((_, i) => String(i).padStart(16, "0")),
  },
  "a healing by one generator": { command: "heal", coins: [coinOf(1, 1)], panGenerators: 5 },
  "a key healing at no server": { command: "healKeys", coins: [coinOf(1, 1)], servers: 5 },
  "a key healing at a bigint server": { command: "healKeys", coins: [coinOf(1, 1)], servers: [5n] },
  "a key healing in no dialect": { command: "healKeys", coins: [coinOf(1, 1)], dialect: 1 },
  "no coins": { command: "detect" },
  "coins that are none": { command: "detect", coins: [null] },
  "a coin for a list": { command: "getTicket", coins: coin },
  "a coin without a number": { command: "detect", coins: [{ denomination: 1, serial: 1 }] },
  "a number as text": { command: "detect", coins: [{ ...coin, an: "5e".repeat(16) }] },
  "a short number": { command: "find", coins: [{ ...coin, pan: new Uint8Array(15) }] },
  "a pown without a new number": { command: "pown", coins: [{ ...coin, pan: undefined }] },
  "a denomination that does not fit": { command: "detect", coins: [{ ...coin, denomination: 200 }] },
  "a serial number that does not fit": { command: "detect", coins: [{ ...coin, serial: 2 ** 32 }] },
  "a pown by sum without a sum": { command: "pownSum", coins: [coin] },
  "a sum of no coins": { command: "detectSum", coins: [], sum: SUM },
  "a locker without a key": { command: "storeSum", coins: [coin], sum: SUM },
  "a fix without tickets": { command: "fix", coins: [coin], panGenerator: SUM },
  "a fix with three tickets": { command: "fix", coins: [coin], panGenerator: SUM, tickets: [1, 2, 3] },
  "a post without halves": { command: "fixEncryption", denomination: 1, serial: 1 },
  "a key part of another length": { command: "getEncryptionTicket", ...coin, keyPart: SUM },
  "statistics without a key": { command: "showStats" },
  "a healing of nothing": { command: "heal" },
  "a healing of what is no coin": { command: "heal", coins: [undefined] },
  "a healing of a coin without numbers": { command: "heal", coins: [{ denomination: 1, serial: 1 }] },
  "a key healing of what is no coin": { command: "healKeys", coins: [null] },
};

describe("a request with", () => {
  it.each(Object.entries(REQUESTS))("%s is refused without harm to other calls", (name, request) => {
    for (const type of [0, 1, 4] as const) {
      const client = new ClientHarness({ encryption: CIPHERINGS[type].encryption, transport: "tcp" });
      const server = name.includes("server") ? {} : { server: SERVER };
      const id = client.call({ ...server, ...request } as RaidaRequest);
      const { code, path } = client.errorOf(id);
      expect(["argument", "count", "length", "range"], `${code} at ${path}`).toContain(code);
      expect(client.links.size).toBe(0);
      const next = client.call(sampleRequest("echo", 0));
      client.receive(answer(CIPHERINGS[type].how, client.open(), { status: Status.success }));
      expect(client.resultOf(next)).toEqual({});
    }
  });
});

/** The requests with values of a wrong type that no codec checks. */
const ARGUMENTS = Object.entries(REQUESTS).filter(([name]) =>
  /bigint|(server|ticket|serial.*) as text|throws/.test(name),
);

describe("a healing under way", () => {
  it.each([...ARGUMENTS, ["no object", 5], ["nothing", null]] as const)(
    "is not harmed by a call with %s",
    (name, request) => {
      const client = new ClientHarness({ transport: "tcp" });
      const healing = client.call({ command: "heal", coins: [coinOf(1, 1)] } as never);
      expect(client.connects).toHaveLength(25);
      const server = name.includes("server") ? {} : { server: SERVER };
      const bad = client.call(
        (typeof request === "object" && request !== null ? { ...server, ...request } : request) as never,
      );
      const never = client.call(sampleRequest("echo", 0), NaN);
      expect([client.errorOf(bad).code, client.errorOf(never).code]).toEqual(["argument", "argument"]);
      expect([client.connects.length, client.outcomes.has(healing)]).toEqual([25, false]);
      for (const { link } of client.connects.slice(0, 25)) {
        client.open(link);
        client.receive(answer(undefined, client.written.get(link)!, { status: Status.allPass }), link);
      }
      // No server denies the coin: only the proof is left.
      expect(client.connects).toHaveLength(50);
    },
  );
});

/** Strings and lists as long as the expected bytes. */
const TEXT = "0123456789abcdef";
const NOT_BYTES: readonly (readonly [path: string, request: object])[] = [
  ["coins[0].pan", { command: "pown", coins: [{ ...coin, pan: TEXT }] }],
  ["coins[0].an", { command: "pown", coins: [{ ...coin, an: TEXT }] }],
  ["coins[0].an", { command: "detect", coins: [{ ...coin, an: new Array(16).fill(300) }] }],
  ["coins[0].an", { command: "getTicket", coins: [{ ...coin, an: new Uint16Array(16) }] }],
  ["coins[0].pan", { command: "find", coins: [{ ...coin, pan: new ArrayBuffer(16) }] }],
  ["sum", { command: "detectSum", coins: [coin], sum: TEXT }],
  ["sum", { command: "pownSum", coins: [coin], sum: TEXT, difference: SUM }],
  ["difference", { command: "pownSum", coins: [coin], sum: SUM, difference: TEXT }],
  ["panGenerator", { command: "fix", coins: [coin], panGenerator: TEXT, tickets: new Array(25).fill(1) }],
  ["sum", { command: "storeSum", coins: [coin], sum: TEXT, lockerKey: new Uint8Array(16).fill(0xff) }],
  ["lockerKey", { command: "storeSum", coins: [coin], sum: SUM, lockerKey: TEXT }],
  ["keyPart", { command: "getEncryptionTicket", ...coin, keyPart: "01234567" }],
  ["panGenerators", { command: "heal", coins: [coinOf(1, 1)], panGenerators: new Array(25).fill(TEXT) }],
  ["coins[0].ans", { command: "heal", coins: [{ ...coin, ans: new Array(25).fill(TEXT) }] }],
];

it.each(NOT_BYTES)("%s that is no Uint8Array is refused before anything is sent: %j", (path, request) => {
  const client = new ClientHarness({ transport: "tcp" });
  const id = client.call({ server: SERVER, ...request } as RaidaRequest);
  expect(client.errorOf(id)).toMatchObject({ code: "argument", path });
  expect(client.links.size).toBe(0);
});

const whole = coinOf(1, 1);
const OPTIONS: Readonly<Record<string, object>> = {
  "24 servers": { servers: SERVERS.slice(1) },
  "servers that are none": { servers: 25 },
  "a server that is no text": { servers: SERVERS.map((one, id) => (id === 3 ? 3 : one)) },
  "no requests at a time": { maxConnects: 0 },
  "a server of another kind": { kinds: "python" as never },
  "kinds of 26 servers": { kinds: Array.from({ length: 26 }, () => "specwire" as const) },
  "no fixers": { fixersMax: 0 },
  "bigint requests at a time": { maxConnects: 2n },
  "a kind of coin that is none": { coinId: NaN },
  "a transport that there is not": { transport: "sctp" },
  "a layout that there is not": { type45Layout: "c" },
  "a counter that there is not": { replyCounter: "restarts" },
  "a group that there is not": { keyExchangeGroup: 16 },
  "a time that is none": { requestTimeoutMs: NaN },
  "a time below 0": { requestTimeoutMs: -1 },
  "a time as text": { requestTimeoutMs: "5" },
  "a health of NaN": { encryptionHealth: { cooldownMs: NaN } },
  "a health of nothing": { encryptionHealth: null },
  "no encryption at all": { encryption: null },
  "coins that are a number": { encryption: { type: "aes256TwoCoins", coins: 2 } },
  "a bigint coin": { encryption: { type: "aes128Coin", coin: { ...coinOf(1, 1), serial: 5n } } },
  "an encryption that there is not": { encryption: { type: "aes512" } },
  "a coin that is not there": { encryption: { type: "aes128Coin" } },
  "one coin in the place of two": { encryption: { type: "aes256TwoCoins", coins: [whole] } },
  "three coins": { encryption: { type: "aes256TwoCoins", coins: [whole, whole, whole] } },
  "a coin with 24 numbers": { encryption: { type: "aes256Coin", coin: { ...whole, ans: whole.ans.slice(1) } } },
  "a coin without numbers": { encryption: { type: "aes128Coin", coin: { denomination: 1, serial: 1 } } },
  "a coin whose name does not fit": {
    encryption: { type: "aes256TwoCoins", coins: [whole, { ...whole, denomination: 200 }] },
  },
  "a coin with half a serial number": { encryption: { type: "aes128Coin", coin: { ...whole, serial: 0.5 } } },
  "a locker's key as text": { encryption: { type: "aes128Locker", lockerKey: TEXT } },
  "a locker's key of 15 bytes": { encryption: { type: "aes128Locker", lockerKey: new Uint8Array(15) } },
};

it.each(Object.entries(OPTIONS))("a client with %s is refused", (_, options) => {
  expect(() => new ClientHarness(options as Partial<RaidaClientOptions>)).toThrow(
    expect.objectContaining({ code: "argument" }) as Error,
  );
});
