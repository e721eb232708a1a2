/** Counters of a server by name. */
import { toHex } from "../../../bytes/index.js";
import type { ChainMachine } from "../../chain/index.js";
import type { DhtMachine } from "../../dht/index.js";
import type { RaftMachine } from "../../raft/index.js";
import type { FileState } from "../files/file-state.js";
import type { DpsChunkEvent, DpsCounters, DpsFileEvent } from "../types.js";

/** A server and its parts. */
export interface ServerParts {
  readonly raft: RaftMachine;
  readonly dht: DhtMachine;
  readonly chain: ChainMachine;
  readonly state: FileState;
  readonly counters: DpsCounters;
}

/** Counts of operations, beside those of the machine. */
export class OperationCounters {
  readonly counts: Record<string, number> = {};

  add(event: DpsFileEvent | DpsChunkEvent): void {
    const name = event.type === "file" ? event.operation : `chunk_${event.operation}`;
    const isFailed = event.type === "file" && event.error !== undefined;
    this.#count(isFailed ? `${name}_failed_total` : `${name}_total`, 1);
    this.#count(`${name}_bytes_total`, event.bytes);
  }

  #count(name: string, by: number): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }
}

/** The counters of the parts, by names that say the part. */
export function machineCounters(machine: ServerParts): Record<string, number> {
  const { raft, dht, chain, counters, state } = machine;
  const { asked = 0, answered = 0, timedOut = 0, requests = 0, lookups = 0, lookupsFailed = 0 } = dht.core?.stats ?? {};
  const status = raft.status();
  const { files, bytes } = state.size;
  return {
    chunk_counted_total: counters.countedChunks,
    chunk_uncounted_total: counters.uncountedChunks,
    chunk_repaired_total: counters.repairedChunks,
    chunk_lost_total: counters.lostChunks,
    command_total: counters.commands,
    link_undecided_total: counters.undecidedLinks,
    backup_total: counters.backups,
    block_stored_total: counters.blocks,
    block_fetched_total: counters.fetchedBlocks,
    dht_asked_total: asked,
    dht_answered_total: answered,
    dht_timed_out_total: timedOut,
    dht_requests_total: requests,
    dht_lookups_total: lookups,
    dht_lookups_failed_total: lookupsFailed,
    dht_contacts_now: dht.core?.table.size ?? 0,
    dht_values_now: dht.core?.holder.size ?? 0,
    dht_bytes_now: dht.core?.holder.bytes ?? 0,
    raft_term: status?.term ?? 0,
    raft_commit: status?.commit ?? 0,
    raft_applied: status?.applied ?? 0,
    raft_leads_now: status?.role === "Leader" ? 1 : 0,
    raft_bad_messages_total: status?.badMessages ?? 0,
    files_now: files,
    records_bytes_now: bytes,
    chain_height_now: Math.max(0, chain.chain.count - 1),
  };
}

/** What a server tells clients of itself, beside the status of its member: plain data. */
export function aboutServer(machine: ServerParts): Readonly<Record<string, unknown>> {
  const { tip, count } = machine.chain.chain;
  return {
    chain: { height: count - 1, tip: tip === undefined ? "" : toHex(tip.hash) },
    counters: machineCounters(machine),
  };
}
