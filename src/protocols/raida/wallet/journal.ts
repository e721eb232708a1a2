import { crc32, fromHex, toHex } from "../../../bytes/index.js";
import { isWireError, WireError } from "../../../errors.js";
import { computePans } from "../pans.js";
import { RAIDA_COUNT, type Coin } from "../protocol.js";

type CoinId = Pick<Coin, "denomination" | "serial">;

/**
 * What was about to happen to coins, written down before any server is asked to change a number. A proposed number is
 * the MD5 of its generator and the coin's name, so 25 generators stand for the new numbers of all coins.
 */
export interface Journal {
  /** `fix`: some servers that had lost a coin. `pown`: all servers. */
  readonly kind: "fix" | "pown";
  /** Unix milliseconds. */
  readonly startedMs: number;
  /** 25 times 16 bytes (PG), by server; secrets. */
  readonly panGenerators: readonly Uint8Array[];
  readonly coins: readonly CoinId[];
}

const VERSION = 2;
const PG_BYTES = 16;

/** As a file. */
export function encodeJournal({ kind, startedMs, panGenerators, coins }: Journal): Uint8Array {
  const names = coins.map(({ denomination, serial }) => [denomination, serial]);
  const value = { kind, startedMs, panGenerators: panGenerators.map(toHex), coins: names };
  return new TextEncoder().encode(`${JSON.stringify({ version: VERSION, ...value, crc: checksumOf(value) })}\n`);
}

/** One digit that is another makes other numbers, and coins whose numbers nobody knows would be given up for lost. */
export function checksumOf({ kind, startedMs, panGenerators, coins }: Readonly<Record<string, unknown>>): number {
  return crc32(new TextEncoder().encode(JSON.stringify([kind, startedMs, panGenerators, coins])));
}

/** @throws WireError `storage` when the file is no journal; it never says what is in it */
export function decodeJournal(bytes: Uint8Array): Journal {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const { version, kind, startedMs, panGenerators, coins } = value;
    if (version !== VERSION) refuse(`version ${VERSION}`, String(version));
    if (kind !== "fix" && kind !== "pown") refuse("a fix or a pown", "another kind");
    if (typeof startedMs !== "number") refuse("the time of its start", typeof startedMs);
    if (!Array.isArray(panGenerators) || panGenerators.length !== RAIDA_COUNT) refuse("25 generators", "others");
    const generators = panGenerators.map((text) => fromHex(String(text)));
    if (generators.some(({ length }) => length !== PG_BYTES)) refuse("25 generators of 16 bytes", "others");
    if (!Array.isArray(coins) || !coins.every(isName)) refuse("a list of coins", "another");
    if (value.crc !== checksumOf(value)) refuse("a journal as it was written", "one that has changed");
    const names = coins.map(([denomination, serial]: [number, number]) => ({ denomination, serial }));
    return { kind, startedMs, panGenerators: generators, coins: names };
  } catch (error) {
    // The text of a syntax error, and of a bad digit, quotes what it could not read.
    if (isWireError(error) && error.format === FORMAT) throw error;
    return refuse("a journal", "a file that is none");
  }
}

/** The numbers that each of the servers may have taken, for every coin: by coin, then by server. */
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
  throw new WireError({ code: "storage", format: FORMAT, path: "", offset: 0, expected, actual });
}
