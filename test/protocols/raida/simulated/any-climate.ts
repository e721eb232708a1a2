/** Scenario of requests while all goes wrong, also what no promise can survive, and what must hold nevertheless. */
import { expect } from "vitest";
import { equalBytes } from "../../../../src/bytes/index.js";
import type { RaidaRequest } from "../../../../src/protocols/raida/index.js";
import type { Simulation } from "../../../../src/testing/index.js";
import { Climate, IDS, POWNED } from "./climate.js";

const ROUNDS = 3;
/** For what servers and the client still wait for when the network is sound again. */
const QUIET_MS = 10_000;

/**
 * Datagrams change on their way, which nothing detects in clear, and crashes undo what a disk has acknowledged. So
 * replies may be wrong. But each call ends by its deadline, no machine faults, each number on a disk is the first one
 * or one that a pown has brought, and all is well once the climate is.
 */
export function survives(simulation: Simulation): void {
  const { random } = simulation;
  const climate = new Climate(simulation, ["auto", "tcp"], { mayCrash: true, lossyDisk: true });
  const { denomination, serial } = POWNED;
  const known = new Map(IDS.map((server) => [server, [climate.kept(POWNED, server)]]));
  const pown = (server: (typeof IDS)[number]): RaidaRequest => {
    const pan = random.bytes(16);
    known.get(server)!.push(pan);
    return { command: "pown", server, coins: [{ denomination, serial, an: climate.kept(POWNED, server), pan }] };
  };
  const checkNumbers = (): void => {
    for (const [server, numbers] of known) {
      const kept = climate.kept(POWNED, server);
      expect(
        numbers.some((number) => equalBytes(number, kept)),
        `the number at server ${server} is known`,
      ).toBe(true);
    }
  };

  for (let round = 0; round < ROUNDS; round++) {
    const requests = Array.from({ length: 5 }, () => climate.idempotentRequest()[0]);
    climate.callAll([...requests, pown(random.pick(IDS))]);
    checkNumbers();
  }
  simulation.heal();
  simulation.runFor(QUIET_MS);
  const last = Array.from({ length: 6 }, () => climate.idempotentRequest());
  expect(climate.callAll(last.map(([request]) => request))).toEqual(last.map(([, value]) => ({ ok: true, value })));
  for (const server of IDS) {
    expect(climate.callAll([pown(server)])).toEqual([{ ok: true, value: { authentic: [true] } }]);
    expect(climate.kept(POWNED, server)).toEqual(known.get(server)!.at(-1));
  }
  simulation.runFor(QUIET_MS);
  expect(climate.client.openLinks).toBe(0);
}
