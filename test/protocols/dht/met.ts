/** Servers on sockets that know each other. */
import { expect, vi } from "vitest";
import type { RunningDhtServer } from "../../../src/protocols/dht/node.js";

/** Time for an answer that a test relies on, on a machine that may have other things to do for seconds. */
export const PATIENT = { rpcTimeoutMs: 30_000 } as const;

/**
 * Waits until each server has all others as contacts. To have joined is not enough: the others ask a newcomer back, and
 * may not have its answer yet.
 */
export async function meet(servers: readonly RunningDhtServer[]): Promise<void> {
  await vi.waitFor(
    async () => {
      for (const server of servers) {
        await server.findNode(server.id);
        expect((await server.stats()).contacts).toBe(servers.length - 1);
      }
    },
    { timeout: 60_000, interval: 100 },
  );
}
