/** The requests of a client and their replies, by command. */
import type {
  AuditTotal,
  CoinId,
  CoinAn,
  CoinAnPan,
  FindResult,
  ShowStatsReplyBig,
} from "../../../codec/gen/raida/index.js";
import type { RaidaId } from "../protocol.js";

/** The three formats of commands 44 and 45; default `c-server`. */
export type KeyDialect = "c-server" | "west" | "qmail";

/** Half of a key, encrypted by a helper. */
export interface KeyHalf {
  /** Which half: 0 or 1. */
  readonly part: number;
  readonly helperId: RaidaId;
  /** 16 bytes, as the helper sent them. */
  readonly ticket: Uint8Array;
}

/** The fields of a request, by command. */
export interface RaidaRequests {
  echo: object;
  version: object;
  /** `adminKey` has 16 bytes. */
  showStats: { readonly adminKey: Uint8Array };
  /** An audit crashes a stock C server: the caller declares that the server is another. */
  audit: { readonly isNoCServer: true };
  detect: { readonly coins: readonly CoinAn[] };
  /** `sum` is the XOR of the coins' ANs, 16 bytes. */
  detectSum: { readonly coins: readonly CoinId[]; readonly sum: Uint8Array };
  pown: { readonly coins: readonly CoinAnPan[] };
  /** The server XORs every AN with `difference`, if `sum` is right. */
  pownSum: { readonly coins: readonly CoinId[]; readonly sum: Uint8Array; readonly difference: Uint8Array };
  getTicket: { readonly coins: readonly CoinAn[] };
  validateTicket: { readonly claimerId: RaidaId; readonly ticket: number };
  find: { readonly coins: readonly CoinAnPan[] };
  fix: {
    readonly coins: readonly CoinId[];
    /** 16 bytes; no other server may get the same. */
    readonly panGenerator: Uint8Array;
    /** The ticket of each server, by id; 0 for none. */
    readonly tickets: readonly number[];
  };
  /** Command 44, in clear. The server encrypts `keyPart`, 8 bytes, under its AN of the coin. */
  getEncryptionTicket: CoinId & {
    readonly keyPart: Uint8Array;
    readonly dialect?: KeyDialect;
    /** For `qmail`: the server whose key is lost. */
    readonly brokenId?: RaidaId;
    /** For `west`: a coin that the client owns. */
    readonly proof?: CoinAn;
  };
  /** Command 45, in clear: the halves of the coin's AN at this server. */
  fixEncryption: CoinId & { readonly halves: readonly KeyHalf[]; readonly dialect?: KeyDialect };
  /** `lockerKey` has 16 bytes; the last four are FF. */
  storeSum: { readonly coins: readonly CoinId[]; readonly sum: Uint8Array; readonly lockerKey: Uint8Array };
  /** `lockerKey` has 16 bytes; default the key that encrypts the request (type 2). */
  peek: { readonly lockerKey?: Uint8Array };
}

/** The name of a command. */
export type RaidaCommand = keyof RaidaRequests;

/** A request to one server. */
export type RaidaRequest = {
  [C in RaidaCommand]: { readonly command: C; readonly server: RaidaId } & RaidaRequests[C];
}[RaidaCommand];

/** The request of one command. */
export type RequestOf<C extends RaidaCommand> = Extract<RaidaRequest, { readonly command: C }>;

/** The fields of a reply, by command. Lists have one entry per coin, in the order of the request. */
export interface RaidaReplies {
  echo: object;
  version: { readonly version: string };
  showStats: ShowStatsReplyBig;
  /** `totals` is undefined if the server only sends their sum. */
  audit: { readonly coins: number; readonly totals: readonly AuditTotal[] | undefined };
  detect: { readonly authentic: readonly boolean[] };
  detectSum: { readonly authentic: boolean };
  pown: { readonly authentic: readonly boolean[] };
  pownSum: { readonly authentic: boolean };
  /** `ticket` is undefined if no coin is authentic. */
  getTicket: { readonly authentic: readonly boolean[]; readonly ticket: number | undefined };
  validateTicket: { readonly coins: readonly CoinId[] };
  find: { readonly results: readonly FindResult[] };
  fix: { readonly fixed: readonly boolean[] };
  getEncryptionTicket: { readonly ticket: Uint8Array };
  /** One entry per half. */
  fixEncryption: { readonly accepted: readonly boolean[] };
  storeSum: { readonly stored: boolean };
  /** Empty if no locker has the key. */
  peek: { readonly coins: readonly CoinId[] };
}

/** The reply of any command. */
export type RaidaReply = RaidaReplies[RaidaCommand];
