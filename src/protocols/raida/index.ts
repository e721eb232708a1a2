/** RAIDA: codecs, server and client as machines, the wallet, and the constants of the protocol. */
export * from "../../codec/gen/raida/index.js";
export {
  RaidaClient,
  type HealKeysRequest,
  type HealRequest,
  type EndCallsRequest,
  type LeftFixesRequest,
  type RaidaCall,
  type RaidaClientEvent,
  type RaidaClientOptions,
  type RaidaOutcome,
} from "./client/client-machine.js";
export { HEAL_COINS_MAX } from "./client/coins.js";
export {
  type CoinState,
  type HealedCoin,
  type Healing,
  type HealingOptions,
  type HealPhase,
  type HealProgress,
} from "./client/healing-run.js";
export { EncryptionHealth, type EncryptionHealthOptions, type ServerHealth } from "./client/encryption-health.js";
export type {
  HealedKey,
  KeyHealing,
  KeyHealingOptions,
  KeyHealPhase,
  KeyHealProgress,
  KeyOutcome,
} from "./client/key-healing-run.js";
export type { LeftFix, RaidaTransport } from "./client/exchange.js";
export type {
  KeyDialect,
  KeyHalf,
  RaidaCommand,
  RaidaReplies,
  RaidaReply,
  RaidaRequest,
  RaidaRequests,
} from "./client/requests.js";
export type { RaidaEncryption } from "./client/encryption-choice.js";
export { RAIDA_MACHINES } from "./machines.js";
export type { RaidaServerEvent } from "./server/context.js";
export { RaidaServer } from "./server/server-machine.js";
export type { RaidaServerOptions } from "./server/options.js";
export { areServerKinds, SERVER_KINDS, type ServerKind, type ServerKinds } from "./server-kinds.js";
export type { PanHash } from "./pans.js";
export type { ModernLayout, ReplyCounter } from "./wire/encryption.js";
export type { FreeCoins } from "./server/free-coins.js";
export { AN_BYTES, offsetOf, PAGE_BYTES, PAGE_COINS, pageKey, RECORD_BYTES } from "./server/pages.js";
export type { Ticket } from "./server/tickets.js";
export {
  COIN_ID,
  DENOMINATION_MAX,
  DENOMINATION_MIN,
  monthFromStart,
  QUORUM_OTHERS,
  RAIDA_COUNT,
  SERIAL_LIMIT,
  statusName,
  type Coin,
  type RaidaProfile,
  type RaidaId,
  type Serial,
} from "./protocol.js";
export * from "./wallet/index.js";
