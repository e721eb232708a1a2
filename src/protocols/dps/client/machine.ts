/** A client of a cluster as a machine: a client of Raft and one of the DHT. */
import type { Effect, Env, Event, Machine, Millis } from "../../../machine/index.js";
import { DhtMachine, type DhtCall, type DhtOutcome, type DhtServerOptions } from "../../dht/index.js";
import { RaftClientMachine, type RaftClientCall, type RaftClientOptions, type RaftOutcome } from "../../raft/index.js";
import { requireOptions } from "../checks.js";
import { MachineGroup } from "../machine-group.js";

/** Options of the machine: those of its parts. */
export interface DpsClientMachineOptions {
  /** The client of Raft. */
  readonly raft: RaftClientOptions;
  /** A client: it says no address, and holds nothing for others. */
  readonly dht: DhtServerOptions;
}

/** What a caller asks for: calls of the parts. */
export type DpsClientCall =
  { readonly type: "raft"; readonly request: RaftClientCall } | { readonly type: "dht"; readonly request: DhtCall };

type ClientEffect = Effect<RaftOutcome | DhtOutcome, never>;

const SLOTS = { raft: 0, dht: 1 } as const;

/** One client. */
export class DpsClientMachine implements Machine<DpsClientCall, RaftOutcome | DhtOutcome> {
  readonly halfOpen = true;
  readonly #group: MachineGroup<ClientEffect>;

  /** @throws WireError `argument` for an invalid option */
  constructor(options: DpsClientMachineOptions, env: Env) {
    requireOptions("options", options);
    const { raft, dht } = options;
    requireOptions("raft", raft);
    requireOptions("dht", dht);
    const machines = [new RaftClientMachine(raft, env), new DhtMachine({ ...dht, isClient: true }, env)];
    this.#group = new MachineGroup<ClientEffect>(machines, {
      settled: (_slot, effect, _nowMs, out) => void out.push(effect as ClientEffect),
      emitted: () => {},
    });
  }

  nextWakeMs(): Millis {
    return this.#group.nextWakeMs();
  }

  step(event: Event<DpsClientCall>, nowMs: Millis, out: ClientEffect[]): void {
    const slots = Object.values(SLOTS);
    switch (event.type) {
      case "call": {
        const { id, request, deadlineMs } = event;
        return this.#group.call(SLOTS[request.type], id, request.request, deadlineMs, nowMs, out);
      }
      case "cancel":
      case "stop":
        for (const slot of slots) this.#group.step(slot, event, nowMs, out);
        return;
      case "datagram":
        return this.#group.step(SLOTS.dht, event, nowMs, out);
      case "wake":
        return this.#group.wake(nowMs, out);
      case "opened":
        // Nobody has to open links to a client.
        if (event.link > 0) return void out.push({ type: "shut", link: event.link });
        return this.#group.route(event, nowMs, out);
      default:
        return this.#group.route(event, nowMs, out);
    }
  }
}
