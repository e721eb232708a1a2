/** A recipient with several key managers: the header names the one that has the keys. */
import { describe, expect, it } from "vitest";
import {
  keysOfClient,
  memoryLedger,
  Opener,
  readHeader,
  Sealer,
  type KeyClient,
} from "../../../../src/protocols/qkd/levels/index.js";
import { env } from "../../../../src/protocols/qkd/levels/node.js";
import { BOB as BOB_SAE, ClientHarness } from "../client-harness.js";
import { ALICE, BOB, contentOf } from "./world.js";

const harness = new ClientHarness();

describe("a recipient with several key managers", () => {
  it.each([true, false])("asks the named one for keys, and no other; its ID is in the options: %s", async (isGiven) => {
    const other = await harness.kmes.start({ kmeIds: ["kme-alice-1", "kme-bob-1"] });
    const right = await harness.kmes.start({ kmeIds: ["kme-alice-2", "kme-bob-2"] });
    const endpoints = [other, right].map(({ kmes }, i) => ({
      url: kmes[1].url,
      ...(isGiven && { kmeId: `kme-bob-${i + 1}` }),
    }));
    const alice = harness.client(right, 0);
    const bob = harness.client(right, 1, { endpoints });
    const sealer = new Sealer({ env, sender: ALICE, ledger: memoryLedger(), keys: keysOfClient(alice) });
    const opener = new Opener({ env, recipient: BOB, ledger: memoryLedger(), keys: keysOfClient(bob) });
    for (const length of [10, 20]) {
      const envelope = await sealer.seal(contentOf(length), { level: 2, recipient: BOB, slaveSaeId: BOB_SAE! });
      expect(readHeader(envelope).header.fields.kmeId).toBe("kme-bob-2");
      expect((await opener.open(envelope, { level: 2, sender: ALICE })).content).toEqual(contentOf(length));
    }
    expect(other.kmes[1].counts.requests).toMatchObject({ status: isGiven ? 0 : 1, dec_keys: 0 });
    expect(right.kmes[1].counts.requests).toMatchObject({ status: 1, dec_keys: 2 });
  });

  it.each([undefined, "", "https://10.0.0.1:14000", "é".repeat(128)])(
    "is told no name that it could not be asked by: %s",
    async (peerKmeId) => {
      const batch = { masterSaeId: "a", slaveSaeId: "b", keys: [] };
      const client: KeyClient = {
        encKeys: async () => ({ ...batch, ...(peerKmeId !== undefined && { peerKmeId }) }),
        decKeys: async () => batch,
      };
      const request = { slaveSaeId: "b", number: 1, sizeBytes: 32, totalBytes: 32 };
      expect(await keysOfClient(client).encKeys(request)).toEqual({ ...batch, kmeId: "" });
    },
  );
});
