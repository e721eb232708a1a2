/** Clients in simulated networks that lose, repeat and reorder. */
import { describe, expect, it } from "vitest";
import { equalBytes } from "../../../../src/bytes/index.js";
import type { Result } from "../../../../src/errors.js";
import type { RaidaOutcome, RaidaRequest } from "../../../../src/protocols/raida/index.js";
import { NO_FAULTS, simulate } from "../../../../src/testing/index.js";
import { Climate, HONEST_FAILURES, IDS, POWNED } from "../simulated/climate.js";

const file = import.meta.url;

/** Checks that a call ended with the right reply or an acceptable error. */
function check(
  climate: Climate,
  [request, right]: readonly [RaidaRequest, unknown],
  outcome: Result<RaidaOutcome>,
): void {
  const text = `${climate.encryption.type}: ${request.command} of server ${request.server}`;
  if (outcome.ok) expect(outcome.value, text).toEqual(right);
  else expect(HONEST_FAILURES, `${text}: ${JSON.stringify(outcome.error)}`).toContain(outcome.error.code);
}

describe("in a network that loses, repeats and reorders", () => {
  it("an idempotent request gets the right reply or fails with a reason", { timeout: 60_000 }, async () => {
    const name = "an idempotent request gets the right reply or fails with a reason";
    let answered = 0;
    let calls = 0;
    await simulate(name, { runs: 60, file }, (simulation) => {
      const climate = new Climate(simulation, ["auto", "auto", "udp", "tcp"]);
      for (let round = 0; round < 3; round++) {
        const requests = Array.from({ length: 6 }, () => climate.idempotentRequest());
        const outcomes = climate.callAll(requests.map(([request]) => request));
        outcomes.forEach((outcome, i) => check(climate, requests[i]!, outcome));
        calls += outcomes.length;
        answered += outcomes.filter(({ ok }) => ok).length;
      }
      // Once the faults end, every call succeeds and no link is left.
      simulation.heal();
      simulation.runFor(10_000);
      const last = Array.from({ length: 6 }, () => climate.idempotentRequest());
      const outcomes = climate.callAll(last.map(([request]) => request));
      expect(outcomes).toEqual(last.map(([, value]) => ({ ok: true, value })));
      simulation.runFor(10_000);
      expect(climate.client.openLinks).toBe(0);
    });
    if (process.env["SPECWIRE_RUN"] === undefined) expect(answered / calls).toBeGreaterThan(0.8);
  });

  it("with all datagrams lost, `auto` and `tcp` always get their reply", async () => {
    const name = "with all datagrams lost, `auto` and `tcp` always get their reply";
    const lossy = {
      ...NO_FAULTS,
      datagramLossRate: 1,
      datagramDuplicateRate: 1,
      datagramReorderRate: 1,
      delayMsMax: 500,
    };
    await simulate(name, { runs: 20, file, faults: lossy }, (simulation) => {
      const climate = new Climate(simulation, ["auto", "tcp"]);
      const requests = Array.from({ length: 8 }, () => climate.idempotentRequest());
      const outcomes = climate.callAll(
        requests.map(([request]) => request),
        120_000,
      );
      expect(outcomes).toEqual(requests.map(([, value]) => ({ ok: true, value })));
    });
  });

  it("no pown is carried out twice, and its reply is true", async () => {
    const name = "no pown is carried out twice, and its reply is true";
    await simulate(name, { runs: 60, file }, (simulation) => {
      const climate = new Climate(simulation, ["auto", "tcp"]);
      const { denomination, serial } = POWNED;
      const calls = new Map<number, number>();
      for (let i = 0; i < 8; i++) {
        const server = simulation.random.pick(IDS);
        const an = climate.kept(POWNED, server);
        const pan = simulation.random.bytes(16);
        calls.set(server, (calls.get(server) ?? 0) + 1);
        const [outcome] = climate.callAll(
          [{ command: "pown", server, coins: [{ denomination, serial, an, pan }] }],
          5_000,
        );
        if (outcome!.ok) expect(outcome!.value).toEqual({ authentic: [true] });
        else expect(HONEST_FAILURES).toContain(outcome!.error.code);
        // A request under way at the end of its call may still arrive once.
        simulation.runFor(5_000);
        const kept = climate.kept(POWNED, server);
        if (outcome!.ok) expect(equalBytes(kept, pan)).toBe(true);
        else expect(equalBytes(kept, an) || equalBytes(kept, pan)).toBe(true);
        expect(climate.powns(server)).toBeLessThanOrEqual(calls.get(server)!);
      }
    });
  });
});
