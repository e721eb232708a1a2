/** The DHT: Kademlia over RPC. */
export { type Contact } from "./contact.js";
export { Lookup, type LookupPeer, type LookupRules } from "./lookup/lookup.js";
export {
  BUCKETS,
  RoutingTable,
  type BucketContacts,
  type RoutingTableOptions,
  type TableChange,
} from "./routing/routing-table.js";
