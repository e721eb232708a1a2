/** Coin files: reads and writes the file of one coin. */
import { concatBytes, equalBytes, type NewBytes } from "../../../bytes/index.js";
import { WireError, type WireErrorCode } from "../../../errors.js";
import {
  COIN_FILE_NAMED_DEFAULTS,
  COIN_FILE_NAMED_SIZE,
  COIN_FILE_SIZE,
  decodeCoinFile,
  decodeCoinFileNamed,
  encodeCoinFile,
  encodeCoinFileNamed,
  type CoinFile,
  type CoinFileHeader,
  type CoinFileNamed,
} from "../../../codec/gen/raida/index.js";
import { COIN_ID, RAIDA_COUNT, type Coin } from "../protocol.js";
import { decodePown, encodePown, POWN_BYTES } from "./pown.js";

/** A coin in a wallet: its numbers and what the servers said of it. */
export interface WalletCoin extends Coin {
  /** What each server last said: 25 letters, see {@link decodePown}. */
  readonly pown: string;
  /**
   * The proposed number (PAN) of each server, by id. Where it differs from `ans`, the server may hold either; undefined
   * if none differs. Secrets.
   */
  readonly proposedAns?: readonly Uint8Array[] | undefined;
}

const AN_BYTES = 16;
/** Length of 25 numbers, one per server. */
const NUMBERS_BYTES = RAIDA_COUNT * AN_BYTES;
const NEW_HEADER = {
  format: 9,
  reserved: 1,
  experimental: 0,
  encryptionType: 0,
  coinCount: 1,
  passwordHash: new Uint8Array(7),
  taskId: new Uint8Array(3),
};
/** Bit of the header's state: proposed numbers follow the authenticity numbers. */
const HAS_PROPOSED = 1;

/**
 * Reads the file of one coin: 439 bytes of a client, or 440 of a server, whose `name` then gives the coin. Another 400
 * bytes hold proposed numbers.
 * @throws WireError if the bytes are no coin file, are encrypted, or hold several coins or another kind
 */
export function readCoinFile(name: string, bytes: Uint8Array, coinId = COIN_ID): WalletCoin {
  const file = decodeEither(bytes);
  checkHeader(file.header, coinId, bytes);
  const { denomination, serial } = "unknown" in file ? readName(name) : file;
  const ans = file.ans.map(({ an }) => an);
  const pown = decodePown(file.header.pown);
  if (!hasProposed(bytes)) return { denomination, serial, ans, pown };
  const at = sizeOf(bytes);
  const proposedAns = ans.map((_, i) => bytes.subarray(at + i * AN_BYTES, at + (i + 1) * AN_BYTES));
  return { denomination, serial, ans, pown, ...(isOpen({ ans, proposedAns }) && { proposedAns }) };
}

/**
 * Writes a coin in the format of `before`, the file that it was read from, and keeps its other fields; default the 439
 * bytes of a client. Proposed numbers are written if any of them differs.
 * @throws WireError if the coin does not fit the format
 */
export function writeCoinFile(coin: WalletCoin, before?: Uint8Array, coinId = COIN_ID): NewBytes {
  const { denomination, serial, ans, pown, proposedAns } = coin;
  if (proposedAns !== undefined && proposedAns.length !== RAIDA_COUNT)
    refuse("count", "proposedAns", `${RAIDA_COUNT} numbers`, String(proposedAns.length));
  if (proposedAns?.some(({ length }) => length !== AN_BYTES))
    refuse("length", "proposedAns", `${AN_BYTES} bytes each`, "another length");
  const isProposed = isOpen(coin);
  const kept = before === undefined ? undefined : decodeEither(before);
  const header: CoinFileHeader = {
    ...(kept?.header ?? { ...NEW_HEADER, coinId }),
    pown: encodePown(pown, kept?.header.pown[POWN_BYTES - 1]),
    state: ((kept?.header.state ?? 0) & ~HAS_PROPOSED) | (isProposed ? HAS_PROPOSED : 0),
  };
  const rest = { header, ans: ans.map((an) => ({ an })) };
  const file =
    kept !== undefined && "unknown" in kept
      ? encodeCoinFile({ ...kept, ...rest })
      : encodeCoinFileNamed({ ...COIN_FILE_NAMED_DEFAULTS, ...kept, ...rest, denomination, serial });
  return isProposed ? concatBytes(file, ...proposedAns!) : file;
}

/** The file name of a coin at clients: denomination and serial number, `-2.2841.bin`. */
export function coinFileName({ denomination, serial }: Pick<Coin, "denomination" | "serial">): string {
  return `${denomination}.${serial}.bin`;
}

/** The file name of a coin at servers, with the denomination in two hex digits: `fe.2841.bin`. */
export function serverCoinFileName({ denomination, serial }: Pick<Coin, "denomination" | "serial">): string {
  return `${(denomination & 0xff).toString(16).padStart(2, "0")}.${serial}.bin`;
}

/** True if a proposed number of the coin differs from its number: the server may hold either. */
export function isOpen(coin: Pick<WalletCoin, "ans" | "proposedAns">): boolean {
  return coin.ans.some((_, server) => isOpenAt(coin, server));
}

/** The same for one server. */
export function isOpenAt({ ans, proposedAns }: Pick<WalletCoin, "ans" | "proposedAns">, server: number): boolean {
  return proposedAns !== undefined && !equalBytes(proposedAns[server]!, ans[server]!);
}

function hasProposed({ length }: Uint8Array): boolean {
  return length === COIN_FILE_NAMED_SIZE + NUMBERS_BYTES || length === COIN_FILE_SIZE + NUMBERS_BYTES;
}

/** Length of the file without proposed numbers. */
function sizeOf(bytes: Uint8Array): number {
  return hasProposed(bytes) ? bytes.length - NUMBERS_BYTES : bytes.length;
}

function decodeEither(bytes: Uint8Array): CoinFile | CoinFileNamed {
  const size = sizeOf(bytes);
  return size === COIN_FILE_SIZE ? decodeCoinFile(bytes, 0, size) : decodeCoinFileNamed(bytes, 0, size);
}

function checkHeader(header: CoinFileHeader, expectedId: number, bytes: Uint8Array): void {
  const { coinId, encryptionType, coinCount, state } = header;
  if (coinId !== expectedId) refuse("constant", "header.coinId", String(expectedId), String(coinId));
  if (encryptionType !== 0) refuse("constant", "header.encryptionType", "0, not encrypted", String(encryptionType));
  // Servers write a count of 0.
  if (coinCount > 1) refuse("count", "header.coinCount", "one coin", String(coinCount));
  const isStated = (state & HAS_PROPOSED) !== 0;
  if (isStated === hasProposed(bytes)) return;
  const expected = `${sizeOf(bytes) + (isStated ? NUMBERS_BYTES : 0)} bytes for this state`;
  refuse(isStated ? "short" : "trailing", "", expected, String(bytes.length));
}

/** The coin of a server's file, from its name. */
function readName(name: string): Pick<Coin, "denomination" | "serial"> {
  const match = /^([0-9a-f]{2})\.(\d{1,10})(?: \(\d+\))?\.bin$/i.exec(name);
  const serial = Number(match?.[2]);
  const isName = match !== null && serial <= 0xffff_ffff;
  if (!isName) refuse("argument", "name", "a name like 01.600.bin", JSON.stringify(name));
  return { denomination: (Number.parseInt(match[1]!, 16) << 24) >> 24, serial };
}

function refuse(code: WireErrorCode, path: string, expected: string, actual: string): never {
  throw new WireError({ code, format: "raida_coin_file", path, expected, actual });
}
