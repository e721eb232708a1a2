/** The DHT: Kademlia over RPC. */
export * from "../../codec/gen/dht/index.js";
export { type Contact, type ReachOptions } from "./contact.js";
export { DhtCore } from "./core/core.js";
export type { DhtOptions } from "./core/options.js";
export type {
  Counted,
  DhtAnswer,
  DhtCall,
  DhtDone,
  DhtEffect,
  DhtEvent,
  DhtOutcome,
  DhtPort,
  DhtRequest,
  DhtServerInfo,
  DhtStats,
  LookupCost,
  LookupKind,
  FoundValue,
} from "./core/types.js";
export { DhtMachine, type DhtServerOptions } from "./machine.js";
export { DHT_MACHINES } from "./machines.js";
export { Lookup, type LookupPeer, type LookupRules, type PeerFilter } from "./lookup/lookup.js";
export {
  BUCKETS,
  RoutingTable,
  type BucketContacts,
  type RoutingTableOptions,
  type TableChange,
} from "./routing/routing-table.js";
