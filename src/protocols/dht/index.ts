/** The DHT: Kademlia over RPC. */
export { type Contact } from "./contact.js";
export {
  BUCKETS,
  RoutingTable,
  type BucketContacts,
  type RoutingTableOptions,
  type TableChange,
} from "./routing/routing-table.js";
