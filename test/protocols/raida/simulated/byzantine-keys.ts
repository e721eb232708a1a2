/** Byzantine servers in key healing. */
import { concatBytes } from "../../../../src/bytes/index.js";
import type { Env } from "../../../../src/machine/index.js";
import {
  AN_BYTES,
  AuthCommand,
  CommandGroup,
  encodeEncryptionTicketReply,
  encodeFixEncryptionRequest,
  encodeFixEncryptionRequestQmail,
  encodeFixEncryptionRequestWest,
  KeyExchangeCommand,
  KeyVerdict,
  REQUEST_HEADER_LEGACY_SIZE,
  RESPONSE_HEADER_LEGACY_SIZE,
  Status,
  tryDecodeFixEncryptionRequest,
  tryDecodeFixEncryptionRequestQmail,
  tryDecodeFixEncryptionRequestWest,
  type RaidaServer,
} from "../../../../src/protocols/raida/index.js";
import { ticketOf, type CoinId } from "../key-tickets.js";
import { ByzantineServer } from "./byzantine-server.js";
import { isClear, isKeyExchange, type Request } from "./requests.js";

/**
 * Faults of a server in key healing, besides those of coin healing. Of helpers, `otherCoin`: encrypts for another coin.
 * `otherHalf`: encrypts random bytes. `garbler`: replies with random bytes. `pretender`: claims to know every coin. Of
 * broken servers, `swearer`: accepts no half and claims to have accepted all. `misprover`: corrupts the replies to
 * encrypted requests. `denier`: claims to have lost every coin.
 */
export const BYZANTINE_KEY_FAULTS = [
  "absent",
  "silent",
  "nonsense",
  "otherCoin",
  "otherHalf",
  "garbler",
  "pretender",
  "swearer",
  "misprover",
  "denier",
] as const;
export type ByzantineKeyFault = (typeof BYZANTINE_KEY_FAULTS)[number];

/** The faults of servers that give no valid tickets. */
export const BAD_HELPERS: readonly ByzantineKeyFault[] = BYZANTINE_KEY_FAULTS.slice(0, 6);

export interface ByzantineKeyOptions {
  readonly kind: ByzantineKeyFault;
  /** The coin whose number is the key, with the number that this server has for it. */
  readonly coin: CoinId & { readonly an: Uint8Array };
  /** Another one. */
  readonly other: CoinId;
}

/** A server with one of the faults that concern keys. */
export class ByzantineKeyServer extends ByzantineServer {
  readonly #env: Env;
  readonly #about: ByzantineKeyOptions;

  constructor(server: RaidaServer, env: Env, about: ByzantineKeyOptions) {
    super(server);
    this.#env = env;
    this.#about = about;
  }

  protected override onAnswer(request: Request, answer: Uint8Array): Uint8Array {
    const { kind } = this.#about;
    const { commandGroup, command } = request.header;
    const isDetect = commandGroup === CommandGroup.auth && command === AuthCommand.detect;
    if (isKeyExchange(request, KeyExchangeCommand.getEncryptionTicket)) return this.#withTicket(answer);
    if (kind === "swearer" && isKeyExchange(request, KeyExchangeCommand.fixEncryption)) return withVerdicts(answer);
    if (kind === "pretender" && isDetect) return withStatus(answer, Status.allPass);
    if (kind === "denier" && isDetect) return withStatus(answer, Status.allFail);
    if (kind === "misprover" && !isClear(request)) return answer.with(CHALLENGE_HASH_AT, ~answer[CHALLENGE_HASH_AT]!);
    return answer;
  }

  #withTicket(answer: Uint8Array): Uint8Array {
    const ticket = this.#ticket();
    if (ticket === undefined || answer[STATUS_AT] !== Status.noError) return answer;
    return concatBytes(answer.subarray(0, RESPONSE_HEADER_LEGACY_SIZE), encodeEncryptionTicketReply({ ticket }));
  }

  /** Undefined for one that is as it should be. */
  #ticket(): Uint8Array | undefined {
    const { kind, coin, other } = this.#about;
    const keyPart = this.#env.random(AN_BYTES / 2);
    if (kind === "otherCoin") return ticketOf(coin.an, keyPart, other);
    if (kind === "otherHalf") return ticketOf(coin.an, keyPart, coin);
    return kind === "garbler" ? this.#env.random(AN_BYTES) : undefined;
  }
}

/** A server that swaps the halves of a key. */
export class Swapping extends ByzantineServer {
  protected override onRequest(request: Request): Uint8Array {
    const { bytes } = request;
    if (!isKeyExchange(request, KeyExchangeCommand.fixEncryption)) return bytes.slice();
    return concatBytes(bytes.subarray(0, REQUEST_HEADER_LEGACY_SIZE), withSwappedParts(bytes));
  }
}

const STATUS_AT = 2;
const BODY_LENGTH_AT = 9;
const CHALLENGE_HASH_AT = 16;

/** An answer without a body. */
function withStatus(answer: Uint8Array, status: Status): Uint8Array {
  const header = answer.slice(0, RESPONSE_HEADER_LEGACY_SIZE);
  header[STATUS_AT] = status;
  return header.fill(0, BODY_LENGTH_AT, BODY_LENGTH_AT + 3);
}

/** All halves accepted. */
function withVerdicts(answer: Uint8Array): Uint8Array {
  const verdictOf = (byte: number): number => (byte === KeyVerdict.rejected ? KeyVerdict.accepted : byte);
  return concatBytes(
    answer.subarray(0, RESPONSE_HEADER_LEGACY_SIZE),
    answer.subarray(RESPONSE_HEADER_LEGACY_SIZE).map(verdictOf),
  );
}

function withSwappedParts(bytes: Uint8Array): Uint8Array {
  const swapped = <T extends { readonly part: number }>(records: readonly T[]): T[] =>
    records.map((record) => ({ ...record, part: 1 - record.part }));
  const asC = tryDecodeFixEncryptionRequest(bytes, REQUEST_HEADER_LEGACY_SIZE);
  if (asC.ok) return encodeFixEncryptionRequest({ ...asC.value, records: swapped(asC.value.records) });
  const asWest = tryDecodeFixEncryptionRequestWest(bytes, REQUEST_HEADER_LEGACY_SIZE);
  if (asWest.ok) return encodeFixEncryptionRequestWest({ ...asWest.value, records: swapped(asWest.value.records) });
  const asQmail = tryDecodeFixEncryptionRequestQmail(bytes, REQUEST_HEADER_LEGACY_SIZE);
  if (!asQmail.ok) throw new Error("a request of another form");
  return encodeFixEncryptionRequestQmail({ ...asQmail.value, records: swapped(asQmail.value.records) });
}
