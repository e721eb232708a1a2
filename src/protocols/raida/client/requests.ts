import type {
  AuditTotal,
  CoinId,
  CoinAn,
  CoinAnPan,
  FindResult,
  ShowStatsReplyBig,
} from "../../../codec/gen/raida/index.js";
import type { RaidaId } from "../protocol.js";

/** The three forms that commands 44 and 45 have; `c-server` unless another is asked for. */
export type KeyDialect = "c-server" | "west" | "qmail";

/** Half of a key that a helper has encrypted. */
export interface KeyHalf {
  /** Which half: 0 or 1. */
  readonly part: number;
  readonly helperId: RaidaId;
  /** 16 bytes, as the helper has answered. */
  readonly ticket: Uint8Array;
}

/** What each command asks. */
export interface RaidaRequests {
  echo: object;
  version: object;
  /** `adminKey` has 16 bytes. */
  showStats: { readonly adminKey: Uint8Array };
  /** Stock C servers die of this command: it is sent to none that is not known to be another. */
  audit: { readonly isNoCServer: true };
  detect: { readonly coins: readonly CoinAn[] };
  /** `sum` is the XOR of the coins' numbers, 16 bytes. */
  detectSum: { readonly coins: readonly CoinId[]; readonly sum: Uint8Array };
  pown: { readonly coins: readonly CoinAnPan[] };
  /** Every number becomes its XOR with `difference`, if `sum` is right. */
  pownSum: { readonly coins: readonly CoinId[]; readonly sum: Uint8Array; readonly difference: Uint8Array };
  getTicket: { readonly coins: readonly CoinAn[] };
  validateTicket: { readonly claimerId: RaidaId; readonly ticket: number };
  find: { readonly coins: readonly CoinAnPan[] };
  fix: {
    readonly coins: readonly CoinId[];
    /** 16 bytes that no other server gets. */
    readonly panGenerator: Uint8Array;
    /** One a server by its id, 0 where there is none. */
    readonly tickets: readonly number[];
  };
  /** Command 44, in clear. The server encrypts `keyPart`, 8 bytes, under the number that it has for the coin. */
  getEncryptionTicket: CoinId & {
    readonly keyPart: Uint8Array;
    readonly dialect?: KeyDialect;
    /** For `qmail`: the server that is broken. */
    readonly brokenId?: RaidaId;
    /** For `west`: a coin of whoever asks. */
    readonly proof?: CoinAn;
  };
  /** Command 45, in clear: halves of the coin's number at this server. */
  fixEncryption: CoinId & { readonly halves: readonly KeyHalf[]; readonly dialect?: KeyDialect };
  /** `lockerKey` has 16 bytes, of which the last four are FF. */
  storeSum: { readonly coins: readonly CoinId[]; readonly sum: Uint8Array; readonly lockerKey: Uint8Array };
  /** `lockerKey`, 16 bytes, is that of the locker; default the one that encrypts the request (type 2). */
  peek: { readonly lockerKey?: Uint8Array };
}

export type RaidaCommand = keyof RaidaRequests;

/** A request to one server. */
export type RaidaRequest = {
  [C in RaidaCommand]: { readonly command: C; readonly server: RaidaId } & RaidaRequests[C];
}[RaidaCommand];

/** The request of one command. */
export type RequestOf<C extends RaidaCommand> = Extract<RaidaRequest, { readonly command: C }>;

/** What a server answers: one entry a coin, in the order of the request. */
export interface RaidaReplies {
  echo: object;
  version: { readonly version: string };
  showStats: ShowStatsReplyBig;
  /** `totals` is undefined where the server only tells the sum of all. */
  audit: { readonly coins: number; readonly totals: readonly AuditTotal[] | undefined };
  detect: { readonly authentic: readonly boolean[] };
  detectSum: { readonly authentic: boolean };
  pown: { readonly authentic: readonly boolean[] };
  pownSum: { readonly authentic: boolean };
  /** `ticket` is undefined when no coin is authentic. */
  getTicket: { readonly authentic: readonly boolean[]; readonly ticket: number | undefined };
  validateTicket: { readonly coins: readonly CoinId[] };
  find: { readonly results: readonly FindResult[] };
  fix: { readonly fixed: readonly boolean[] };
  getEncryptionTicket: { readonly ticket: Uint8Array };
  /** One entry a half. */
  fixEncryption: { readonly accepted: readonly boolean[] };
  storeSum: { readonly stored: boolean };
  /** Of a key that no locker has, none. */
  peek: { readonly coins: readonly CoinId[] };
}

export type RaidaReply = RaidaReplies[RaidaCommand];
