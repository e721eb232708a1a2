/** The bytes of every request of the client, under every encryption type. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import {
  AuthCommand,
  CommandGroup,
  HealingCommand,
  KeyExchangeCommand,
  LockerCommand,
  StatusCommand,
  type RaidaClientOptions,
  type RaidaCommand,
  type RaidaRequest,
} from "../../../../src/protocols/raida/index.js";
import { nameOf } from "../harness.js";
import { ClientHarness } from "./harness.js";
import {
  ADMIN_KEY,
  sampleRequest,
  CIPHERINGS,
  DIFFERENCE,
  GENERATOR,
  KEY_NAMES,
  LOCKER_KEY,
  SECOND_NAME,
  SERVER,
  SUM,
  TICKETS,
  TYPES,
} from "./plain-requests.js";
import { open, type Opened } from "./server.js";

type Type = (typeof TYPES)[number];

/** Group, number, and whether the command can be sent under types 1 and 2 (legacy) and 4 and 5 (modern). */
const COMMANDS: Readonly<Record<RaidaCommand, readonly [number, number, legacy: boolean, modern: boolean]>> = {
  echo: [CommandGroup.status, StatusCommand.echo, true, true],
  version: [CommandGroup.status, StatusCommand.version, true, true],
  showStats: [CommandGroup.status, StatusCommand.showStats, true, true],
  audit: [CommandGroup.status, StatusCommand.audit, true, true],
  detect: [CommandGroup.auth, AuthCommand.detect, true, true],
  detectSum: [CommandGroup.auth, AuthCommand.detectSum, true, false],
  pown: [CommandGroup.auth, AuthCommand.pown, true, true],
  pownSum: [CommandGroup.auth, AuthCommand.pownSum, true, false],
  getTicket: [CommandGroup.healing, HealingCommand.getTicket, true, true],
  validateTicket: [CommandGroup.healing, HealingCommand.validateTicket, false, false],
  find: [CommandGroup.healing, HealingCommand.find, true, true],
  fix: [CommandGroup.healing, HealingCommand.fix, true, true],
  getEncryptionTicket: [CommandGroup.keyExchange, KeyExchangeCommand.getEncryptionTicket, true, true],
  fixEncryption: [CommandGroup.keyExchange, KeyExchangeCommand.fixEncryption, true, true],
  storeSum: [CommandGroup.locker, LockerCommand.storeSum, true, false],
  peek: [CommandGroup.locker, LockerCommand.peek, true, false],
};
const NAMES = Object.keys(COMMANDS) as RaidaCommand[];
const isClear = (command: RaidaCommand): boolean => command === "getEncryptionTicket" || command === "fixEncryption";

function isPossible(command: RaidaCommand, type: Type): boolean {
  const [, , legacy, modern] = COMMANDS[command];
  return type === 0 || (type <= 2 ? legacy : modern);
}

function clientFor(type: Type, options: Partial<RaidaClientOptions> = {}): ClientHarness {
  return new ClientHarness({ encryption: CIPHERINGS[type].encryption, transport: "tcp", ...options });
}

/** The request as a C server opens it. */
function openedBy(
  type: Type,
  request: RaidaRequest,
  options?: Partial<RaidaClientOptions>,
): Opened & { client: ClientHarness } {
  const client = clientFor(type, options);
  const how = isClear(request.command) ? undefined : CIPHERINGS[type].how;
  return { ...open(how, client.sent(request)), client };
}

/** Bytes of an entry, and bytes behind all entries, for commands with entries. */
const ENTRIES: Readonly<Partial<Record<RaidaCommand, readonly [entry: number, behind: number]>>> = {
  detect: [21, 0],
  getTicket: [21, 0],
  pown: [37, 0],
  find: [37, 0],
  detectSum: [5, 16],
  pownSum: [5, 32],
  storeSum: [5, 32],
  fix: [5, 116],
};

function u32(value: number): Uint8Array {
  return nameOf(0, value).subarray(1);
}

/** The expected entries and the bytes behind them, written by hand. */
function expected(request: RaidaRequest): { entries: Uint8Array[]; behind: Uint8Array } {
  const entries =
    "coins" in request
      ? request.coins.map((coin) =>
          concatBytes(
            nameOf(coin.denomination, coin.serial),
            "an" in coin ? coin.an : new Uint8Array(0),
            "pan" in coin ? coin.pan : new Uint8Array(0),
          ),
        )
      : [];
  switch (request.command) {
    case "showStats":
      return { entries, behind: ADMIN_KEY };
    case "peek":
      return { entries, behind: LOCKER_KEY };
    case "detectSum":
      return { entries, behind: SUM };
    case "pownSum":
      return { entries, behind: concatBytes(SUM, DIFFERENCE) };
    case "storeSum":
      return { entries, behind: concatBytes(SUM, LOCKER_KEY) };
    case "validateTicket":
      return { entries, behind: concatBytes(Uint8Array.of(9), u32(0x1234)) };
    case "fix":
      return { entries, behind: concatBytes(GENERATOR, ...TICKETS.map(u32)) };
    case "getEncryptionTicket":
      return { entries, behind: concatBytes(nameOf(1, 900), request.keyPart) };
    case "fixEncryption": {
      const records = request.halves.map(({ part, helperId, ticket }) =>
        concatBytes(Uint8Array.of(0, 6, part, helperId, 0), nameOf(1, 900), ticket),
      );
      const padding = Uint8Array.of(0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0);
      return { entries, behind: concatBytes(nameOf(1, 900), new Uint8Array(16), ...records, padding) };
    }
    default:
      return { entries, behind: new Uint8Array(0) };
  }
}

describe.each(TYPES)("a request of type %i, as the C server reads it", (type) => {
  it.each(NAMES.filter((command) => isPossible(command, type)))("writes %s", (command) => {
    const request = sampleRequest(command, 3);
    const { server, group, command: number, coinId, keyName, payload, plain } = openedBy(type, request);
    expect([server, group, number, coinId]).toEqual([SERVER, ...COMMANDS[command].slice(0, 2), 6]);
    expect(keyName).toEqual(isClear(command) ? new Uint8Array(5) : KEY_NAMES[type]);

    const isModern = type >= 4 && !isClear(command);
    const { entries, behind } = expected(request);
    const form = ENTRIES[command];
    if (form === undefined) {
      // Nothing but the request, and 16 bytes of the HMAC, which these commands ignore.
      expect(plain).toEqual(behind);
      expect(payload.length).toBe(behind.length + (isModern ? 16 : 0));
      return;
    }
    const [entryBytes, behindBytes] = form;
    const count = (payload.length - behindBytes) / entryBytes;
    expect(Number.isInteger(count)).toBe(true);
    const at = (i: number): Uint8Array => payload.subarray(i * entryBytes, (i + 1) * entryBytes);
    expect(entries.map((_, i) => at(i))).toEqual(entries);
    // Under types 4 and 5 the tickets of the last four servers are missing.
    const tail = payload.subarray(count * entryBytes);
    expect(tail.subarray(0, isModern ? -16 : undefined)).toEqual(behind.subarray(0, isModern ? -16 : undefined));
    if (type === 0) expect(count).toBe(entries.length);
    if (isModern) expect(count).toBe(command === "fix" ? 3 : 4);
  });

  it.each(NAMES.filter((command) => !isPossible(command, type)))("refuses %s", (command) => {
    const client = clientFor(type);
    expect(client.errorOf(client.call(sampleRequest(command, 3))).code).toBe("argument");
    expect([client.connects, client.datagrams]).toEqual([[], []]);
  });
});

describe.each([4, 5] as const)("a request of type %i in the natural layout", (type) => {
  it.each(NAMES.filter((command) => !isClear(command)))("writes the whole of %s and nothing more", (command) => {
    const request = sampleRequest(command, 3);
    const { entries, behind } = expected(request);
    const { plain } = openedBy(type, request, { type45Layout: "natural" });
    expect(plain).toEqual(concatBytes(...entries, behind));
  });
});

describe("padding entries", () => {
  it.each(["detect", "getTicket", "pown", "find"] as const)("of %s have random numbers", (command) => {
    const { payload, client } = openedBy(1, sampleRequest(command, 1));
    const entryBytes = ENTRIES[command]![0];
    const phantoms = payload.length / entryBytes - 1;
    expect(phantoms).toBeGreaterThan(0);
    for (let i = 1; i <= phantoms; i++) {
      const phantom = payload.subarray(i * entryBytes, (i + 1) * entryBytes);
      expect(phantom.subarray(0, 5)).toEqual(payload.subarray(0, 5));
      for (let at = 5; at < entryBytes; at += 16) expect(client.drawn).toContainEqual(phantom.slice(at, at + 16));
    }
  });

  it.each(["detectSum", "pownSum"] as const)("of %s come in pairs, so that the sum does not change", (command) => {
    for (let count = 1; count <= 40; count++) {
      const { payload } = openedBy(1, sampleRequest(command, count));
      const [entryBytes, behind] = ENTRIES[command]!;
      const entries = (payload.length - behind) / entryBytes;
      expect((entries - count) % 2).toBe(0);
      for (let i = count; i < entries; i++) expect(payload.subarray(5 * i, 5 * i + 5)).toEqual(payload.subarray(0, 5));
    }
  });
});

describe("random bytes", () => {
  it.each(TYPES)("are the challenge and the nonce of each request of type %i, never twice", (type) => {
    const client = clientFor(type, { maxConnects: 1_000 });
    const { how } = CIPHERINGS[type];
    const opened = Array.from({ length: 50 }, () => open(how, client.sent(sampleRequest("detect", 3))));
    const all = client.drawn.map(String);
    expect(new Set(all).size).toBe(all.length);
    for (const { challenge, nonce } of opened) {
      if (type < 4) expect(client.drawn).toContainEqual(challenge.subarray(0, 12));
      if (type < 4) expect(client.drawn).toContainEqual(nonce);
      // Servers differ in how the low 32 bits of the counter overflow.
      if (type >= 4) expect(nonce[12]).toBe(0);
      if (type === 5) expect(nonce.subarray(0, 5)).toEqual(SECOND_NAME);
    }
    expect(new Set(opened.map(({ nonce }) => String(nonce))).size).toBe(50);
  });

  it("are not in the nonce of 44 and 45, which is zero under every encryption", () => {
    for (const type of TYPES) {
      for (const command of ["getEncryptionTicket", "fixEncryption"] as const) {
        const { type: sent, nonce, challenge, client } = openedBy(type, sampleRequest(command, 0));
        expect([sent, nonce]).toEqual([0, new Uint8Array(8)]);
        expect(client.drawn).toEqual([challenge.subarray(0, 12)]);
      }
    }
  });
});

describe("the client refuses", () => {
  const refused: Readonly<Record<string, RaidaRequest>> = {
    "an audit of what may be a C server": { ...sampleRequest("audit", 0), isNoCServer: undefined } as never,
    "a pown that changes nothing": {
      command: "pown",
      server: SERVER,
      coins: [{ denomination: 1, serial: 1, an: SUM, pan: SUM.slice() }],
    },
    "a pown by sum that changes nothing": { ...sampleRequest("pownSum", 2), difference: new Uint8Array(16) } as never,
    "a locker's key that ends otherwise": { ...sampleRequest("storeSum", 2), lockerKey: SUM } as never,
    "another dialect without what it needs": { ...sampleRequest("getEncryptionTicket", 0), dialect: "qmail" } as never,
    "a server that there is not": { command: "echo", server: 25 },
    "a command that there is not": { command: "toString", server: 1 } as never,
  };
  it.each(Object.entries(refused))("%s", (_, request) => {
    const client = clientFor(0);
    expect(client.errorOf(client.call(request)).code).toBe("argument");
    expect([client.connects, client.drawn]).toEqual([[], []]);
  });
});
