/** The journal of a wallet: the change that was under way when a process died. */
import { crc32, fromHex, type NewBytes, toHex } from "../../../bytes/index.js";
import { isWireError, WireError } from "../../../errors.js";
import { computePans } from "../pans.js";
import { RAIDA_COUNT, type Coin } from "../protocol.js";

type CoinId = Pick<Coin, "denomination" | "serial">;

/**
 * A change of numbers, written before its first request is sent. A proposed number is the MD5 of its generator and the
 * coin's name, so 25 generators give the new numbers of all coins.
 */
export interface Journal {
  /** `fix`: only servers that had lost a coin change it. `pown`: all servers do. */
  readonly kind: "fix" | "pown";
  /** Unix milliseconds. */
  readonly startedMs: number;
  /** 25 generators (PG) of 16 bytes, by server; secrets. */
  readonly panGenerators: readonly Uint8Array[];
  readonly coins: readonly CoinId[];
}

const VERSION = 2;
const PG_BYTES = 16;

/** Encodes a journal as a file. */
export function encodeJournal({ kind, startedMs, panGenerators, coins }: Journal): NewBytes {
  const names = coins.map(({ denomination, serial }) => [denomination, serial]);
  const value = { kind, startedMs, panGenerators: panGenerators.map(toHex), coins: names };
  return new TextEncoder().encode(`${JSON.stringify({ version: VERSION, ...value, crc: checksumOf(value) })}\n`);
}

/** The checksum of a journal. One wrong digit would give wrong numbers, and the coins would count as lost. */
export function checksumOf({ kind, startedMs, panGenerators, coins }: Readonly<Record<string, unknown>>): number {
  return crc32(new TextEncoder().encode(JSON.stringify([kind, startedMs, panGenerators, coins])));
}

/** Decodes a journal. @throws WireError `storage` if it is damaged; the error quotes no content, which is secret */
export function decodeJournal(bytes: Uint8Array): Journal {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const { version, kind, startedMs, panGenerators, coins } = value;
    if (version !== VERSION) refuse(`version ${VERSION}`, String(version));
    if (kind !== "fix" && kind !== "pown") refuse("the kind fix or pown", "another kind");
    if (typeof startedMs !== "number") refuse("a start time", typeof startedMs);
    if (!Array.isArray(panGenerators) || panGenerators.length !== RAIDA_COUNT) refuse("25 generators", "another list");
    const generators = panGenerators.map((text) => fromHex(String(text)));
    if (generators.some(({ length }) => length !== PG_BYTES)) refuse("25 generators of 16 bytes", "other lengths");
    if (!Array.isArray(coins) || !coins.every(isName)) refuse("a list of coins", "another value");
    if (value.crc !== checksumOf(value)) refuse("the checksum of the journal", "another checksum");
    const names = coins.map(([denomination, serial]: [number, number]) => ({ denomination, serial }));
    return { kind, startedMs, panGenerators: generators, coins: names };
  } catch (error) {
    // The message of a syntax error quotes the text, which is secret: it is not passed on.
    if (isWireError(error) && error.format === FORMAT) throw error;
    return refuse("a journal", "another file");
  }
}

/** The numbers that the servers may have taken: by coin, then by server. */
export function proposedAnsOf(panGenerators: readonly Uint8Array[], coins: readonly CoinId[]): Uint8Array[][] {
  const denominations = Int8Array.from(coins, ({ denomination }) => denomination);
  const serials = Uint32Array.from(coins, ({ serial }) => serial);
  const byServer = panGenerators.map((pg, raidaId) => computePans({ raidaId, denominations, serials, pg }));
  return coins.map((_, coin) => byServer.map((pans) => pans.slice(16 * coin, 16 * coin + 16)));
}

function isName(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isInteger);
}

const FORMAT = "raida_wallet_journal";

function refuse(expected: string, actual: string): never {
  throw new WireError({ code: "storage", format: FORMAT, path: "", expected, actual });
}
