/** A simulated network with a server and clients. */
import {
  BittrrtClient,
  BittrrtServer,
  type BittrrtClientOptions,
  type BittrrtServerEvent,
  type BittrrtServerOptions,
} from "../../../src/protocols/bittrrt/index.js";
import {
  NO_FAULTS,
  Simulation,
  type SimulatedHostOptions,
  type SimulationOptions,
} from "../../../src/testing/index.js";

/** The address of the main port. */
export const MAIN = "server:6711";

/** A simulation with a server, and a function that adds clients. */
export function world(
  serverOptions: Partial<BittrrtServerOptions> = {},
  simulationOptions: Partial<SimulationOptions> = {},
  placeOptions: SimulatedHostOptions = {},
) {
  const simulation = new Simulation({ run: 1, faults: NO_FAULTS, ...simulationOptions });
  let machine!: BittrrtServer;
  const build = (env: ConstructorParameters<typeof BittrrtServer>[1]): BittrrtServer =>
    (machine = new BittrrtServer({ portRanges: "7000-7059", bindHost: "server", ...serverOptions }, env));
  const server = simulation.host("server", build, { listen: MAIN, ...placeOptions });
  const client = (name: string, options: Partial<BittrrtClientOptions> = {}, node: SimulatedHostOptions = {}) =>
    simulation.host(name, (env) => new BittrrtClient({ server: MAIN, bindHost: name, ...options }, env), node);
  return { simulation, server, client, freePorts: () => machine.freePorts };
}

/** The events of a type. */
export function eventsOf<E extends { readonly type: string }, T extends E["type"]>(
  events: readonly E[],
  type: T,
): Extract<E, { type: T }>[] {
  return events.filter((event): event is Extract<E, { type: T }> => event.type === type);
}

export type { BittrrtServerEvent };
