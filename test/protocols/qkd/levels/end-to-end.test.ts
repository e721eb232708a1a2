/** Messages between two processes, with keys that a running pair of key managers gives to both. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { keysOfClient, memoryLedger, Sealer } from "../../../../src/protocols/qkd/levels/index.js";
import { env } from "../../../../src/protocols/qkd/levels/node.js";
import { bundle, Program } from "../../../support/program.js";
import { BOB as BOB_SAE, ClientHarness } from "../client-harness.js";
import type { BobsTask } from "./bob.js";
import { ALICE, BOB, KEYS, VARIANTS } from "./world.js";

const harness = new ClientHarness();

describe("Alice and Bob", () => {
  it.each(VARIANTS)("understand each other: %o", async ({ level, isQuantum }) => {
    const { pair, alice: client } = await harness.pair();
    const keys = keysOfClient(client);
    const sealer = new Sealer({ env, sender: ALICE, ledger: memoryLedger(), keys, secretKeys: KEYS.alice });
    const recipientKeys = level < 3 ? undefined : KEYS.bob[level - 3]!.publicKeys;
    const content = Uint8Array.from({ length: 3_000 }, (_, i) => i * level);
    const envelope = await sealer.seal(content, {
      level,
      recipient: BOB,
      ...(isQuantum && { slaveSaeId: BOB_SAE! }),
      ...(recipientKeys && { recipientKeys }),
    });
    const { certificate, key } = harness.kmes.certificates.saes[1].good;
    const textOf = (name: string) => readFileSync(new URL(`keys/${name}.txt`, import.meta.url), "utf8");
    const task: BobsTask = {
      url: pair.kmes[1].url,
      tls: { ca: String(harness.kmes.certificates.authority), cert: String(certificate), key: String(key) },
      saeId: BOB_SAE!,
      recipient: BOB,
      sender: ALICE,
      secretKeys: level < 3 ? {} : { [level]: textOf(`bob.${level}`) },
      senderKeys: level < 3 ? {} : { [level]: KEYS.alice[level - 3]!.publicKeys.toText() },
      envelopes: [{ level, base64: Buffer.from(envelope).toString("base64") }],
    };
    const folder = mkdtempSync(join(tmpdir(), "specwire-bob-"));
    const program = await bundle("test/protocols/qkd/levels/bob.ts");
    try {
      const file = join(folder, "task.json");
      writeFileSync(file, JSON.stringify(task), { mode: 0o600 });
      const bob = new Program(program, [file]);
      const code = await bob.ended();
      expect({ code, errors: bob.errors }).toEqual({ code: 0, errors: "" });
      expect(new Uint8Array(Buffer.from(bob.output, "base64"))).toEqual(content);
    } finally {
      rmSync(folder, { recursive: true });
      rmSync(dirname(program), { recursive: true });
    }
  });
});
