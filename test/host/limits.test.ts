/** Limits of a host: those that are no limits are refused where they come in. */
import { describe, expect, it } from "vitest";
import { run } from "../../src/host/index.js";
import type { Limits } from "../../src/limits.js";
import { memory, type Transport } from "../../src/transport/index.js";
import { issueOf } from "../support/issue-of.js";

const machine = { step: () => {}, nextWakeMs: () => Infinity };

describe("the limits of a host", () => {
  it.each([NaN, -1, "1", undefined])("are not %s: that is refused before anything is opened", (value) => {
    let opened = 0;
    const transport: Transport = { open: (...given) => (opened++, memory().open(...given)) };
    const limits = { lingerTimeoutMs: value } as unknown as Partial<Limits>;
    const refusal = { code: "argument", path: "limits.lingerTimeoutMs", actual: String(value) };
    expect(issueOf(() => run(machine, { transport, limits }))).toMatchObject(refusal);
    expect(opened).toBe(0);
  });

  it("may be 0, or infinite", async () => {
    const host = run(machine, { transport: memory(), limits: { linksMax: 0, callTimeoutMs: Infinity } });
    expect(host.fault).toBeUndefined();
    await host.stop();
  });
});
