/** Conformance of our RAIDA server to the recordings, and faults planted in these. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { conformance, recording, verdicts, verdictsOf, withRecording, type Ended } from "../harness.js";

interface Vector {
  readonly name: string;
  readonly family: string;
  readonly transport: string;
  tcp_close: string | null;
  readonly fields: { response: { body_plain: string } };
  request_hex: string;
  response_hex: string;
  readonly state: Record<string, unknown> & { coins_after?: { an: string; mfs: number }[]; server_build: string };
  readonly nondeterministic: { start: number; end: number }[];
}

let vectors: readonly Vector[];

beforeAll(() => {
  vectors = (JSON.parse(readFileSync(recording("raida"), "utf8")) as { vectors: Vector[] }).vectors;
});

/** The verdict of the first vector of a family after a change. */
async function verdictOf(family: string, change: (vector: Vector) => void): Promise<Ended> {
  const vector = structuredClone(vectors.find((one) => one.family === family)!);
  change(vector);
  return (await verdictsOf([vector]))[0]!;
}

function flip(hex: string, at: number): string {
  const bytes = Buffer.from(hex, "hex");
  bytes[at]! ^= 0x01;
  return bytes.toString("hex");
}
describe("the RAIDA recordings", () => {
  it("every vector is equal, or deviates by one of four rules", async () => {
    const ended = await verdicts(recording("raida"));
    expect(ended).toHaveLength(vectors.length);
    const deviating = ended.filter((one) => one.verdict === "deviates");
    expect(ended.filter((one) => one.verdict !== "equal")).toEqual(deviating);
    expect(deviating.map((one) => `${one.name} ${one.rule}`)).toEqual([
      ...[0, 1, 2].map((i) => `fix.stock-cluster.24-tickets#${i} fix.peer-header`),
      "decrypt_key.stock-hangs#0 fix-encryption.self-deadlock",
      ...[0, 1, 2].map((i) => `decrypt_key.west-layout-misparsed#${i} fix-encryption.west-layout`),
      ...[0, 1, 2].map((i) => `fix.single-peer-duplicate-votes#${i} fix.votes-of-one-peer`),
    ]);
  });

  it.each([
    ["vectors[0].request_hex", { request_hex: "0g" }],
    ["vectors[0].response_hex", { response_hex: null }],
    ["vectors[0].name", { name: 1 }],
    ["vectors[0].nondeterministic[0].end", { nondeterministic: [{ start: 3, end: 2 }] }],
    ["vectors[0].state.raida_id", { state: { coins_before: [], raida_id: 25 } }],
    ["vectors[0].state.coins_before[0].sn", { state: { coins_before: [{ den: 1, sn: -1 }] } }],
  ])("a wrong %s is named, and fails its vector alone", async (path, fields) => {
    const [odd, good] = await verdictsOf([{ ...vectors[0], ...fields }, vectors[1]]);
    expect(odd).toMatchObject({ name: "name" in fields ? "vectors[0]" : vectors[0]!.name, verdict: "failed" });
    expect(odd!.differences![0]).toContain(`recording.${path}: `);
    expect(good!.verdict).toBe("equal");
  });
});

describe("a planted fault", () => {
  it("is caught in every byte of a reply that is not masked", async () => {
    const original = vectors.find((one) => one.family === "get_ticket.mixed" && one.transport === "tcp")!;
    const length = original.response_hex.length / 2;
    const changed = Array.from({ length }, (_, at) => ({
      ...original,
      name: `at ${at}`,
      response_hex: flip(original.response_hex, at),
    }));
    const ended = await verdictsOf(changed);
    const isMasked = (at: number): boolean =>
      original.nondeterministic.some(({ start, end }) => at >= start && at < end);
    for (const [at, { verdict, differences }] of ended.entries()) {
      expect(verdict, `byte ${at}`).toBe(isMasked(at) ? "equal" : "failed");
      if (!isMasked(at)) expect(differences![0]).toContain(`reply at ${at}: `);
    }
  });

  it("is shown with both bytes, and the exit code is 1", async () => {
    const vector = structuredClone(vectors.find((one) => one.name === "echo.no-body#0")!);
    vector.response_hex = flip(vector.response_hex, 2);
    const { lines, exitCode } = await withRecording({ vectors: [vector] }, (file) => conformance(file));
    expect(lines).toContain("    reply at 2: expected fb, got fa");
    expect(lines).toContain("    reply masked: 12 until 16");
    expect(lines.at(-1)).toBe("0 passed, 1 failed, 0 skipped");
    expect(exitCode).toBe(1);
  });

  it("is caught if no mask covers random bytes", async () => {
    const { verdict, differences } = await verdictOf("echo.no-body", ({ nondeterministic, response_hex }) => {
      expect(response_hex.slice(24, 32)).not.toBe("00000000");
      nondeterministic.length = 0;
    });
    expect(verdict).toBe("failed");
    expect(differences![0]).toMatch(/^reply at 1[2-5]: /);
    expect(differences!.join()).not.toContain("masked");
  });

  it("is caught in the state after a request that changes coins", async () => {
    const family = vectors.find((one) => one.family === "fix.all-pass.24-tickets")!.family;
    const { verdict, differences } = await verdictOf(family, ({ state }) => {
      state.coins_after![0]!.an = flip(state.coins_after![0]!.an, 3);
    });
    expect(verdict).toBe("failed");
    expect(differences![0]).toMatch(/^state coins\/01\/0000 at \d+: expected [0-9a-f]{2}, got [0-9a-f]{2}$/);
  });

  it("is caught in the month of a new number", async () => {
    const { verdict } = await verdictOf("fix.all-pass.24-tickets", ({ state }) => void state.coins_after![0]!.mfs++);
    expect(verdict).toBe("failed");
  });

  it("is caught in the state after a request that changes nothing", async () => {
    const { verdict, differences } = await verdictOf("validate_ticket.ok", ({ state }) => {
      state.coins_after = structuredClone(state["coins_before"]) as { an: string; mfs: number }[];
      state.coins_after[0]!.mfs = 7;
    });
    expect(verdict).toBe("failed");
    expect(differences![0]).toContain("expected 07, got 00");
  });

  it.each(["fix.stock-cluster.24-tickets", "fix.single-peer-duplicate-votes"])(
    "is caught in a vector from which we deviate: %s",
    async (family) => {
      expect((await verdictOf(family, () => undefined)).verdict).toBe("deviates");
      const inReply = await verdictOf(family, (vector) => void (vector.response_hex = flip(vector.response_hex, 20)));
      expect(inReply.differences![0]).toContain("reply at 20: ");
      const inState = await verdictOf(family, ({ state }) => void state.coins_after![0]!.mfs++);
      expect(inState.verdict).toBe("failed");
    },
  );

  it("is caught in the deviations of fix_encryption", async () => {
    const family = "decrypt_key.west-layout-misparsed";
    const inReply = await verdictOf(family, (vector) => void (vector.response_hex = flip(vector.response_hex, 20)));
    expect(inReply.differences![0]).toContain("reply at 20: ");
    const inState = await verdictOf(family, ({ state }) => {
      state.coins_after = structuredClone(state["coins_before"]) as { an: string; mfs: number }[];
      state.coins_after[0]!.an = flip(state.coins_after[0]!.an, 0);
    });
    expect(inState.verdict).toBe("failed");
    const answered = await verdictOf("decrypt_key.stock-hangs", (vector) => {
      vector.response_hex = vectors.find((one) => one.family === "decrypt_key.ok-c-layout")!.response_hex;
    });
    expect(answered.verdict).toBe("failed");
  });

  it("is caught in the way a connection ends", async () => {
    const { verdict, differences } = await verdictOf("error.wrong-raida", (vector) => void (vector.tcp_close = "FIN"));
    expect(verdict).toBe("failed");
    expect(differences).toEqual(["connection: ended by FIN, ours by RST"]);
  });

  it("is caught in clear if a mask covers a whole ciphertext", async () => {
    const { verdict, differences } = await verdictOf("type4.version", ({ fields }) => {
      fields.response.body_plain = flip(fields.response.body_plain, 1);
    });
    expect(verdict).toBe("failed");
    expect(differences![0]).toContain("reply in clear at 1: ");
  });

  it.each(["type1.version", "hw.type1.version", "type2.peek"])(
    "is caught in every byte of a body of %s",
    async (family) => {
      const length = vectors.find((one) => one.family === family)!.response_hex.length / 2;
      for (let at = 32; at < length; at++) {
        const { verdict } = await verdictOf(
          family,
          (vector) => void (vector.response_hex = flip(vector.response_hex, at)),
        );
        expect(verdict, `byte ${at}`).toBe("failed");
      }
    },
  );

  it("is no deviation if the server is a repaired one", async () => {
    const { verdict } = await verdictOf(
      "fix.stock-cluster.24-tickets",
      ({ state }) => void (state.server_build = "fixpatched-sw"),
    );
    expect(verdict).toBe("failed");
  });

  it("in a state fails its vector alone", async () => {
    const good = vectors.find((one) => one.family === "version.type0" && one.transport === "tcp")!;
    const bad = { ...good, state: { ...good.state, version: "1" } };
    const [first, second] = await verdictsOf([bad, good]);
    expect(first!.verdict).toBe("failed");
    expect(first!.differences![0]).toContain("expected 8 ASCII characters");
    expect(second!.verdict).toBe("equal");
  });

  it("is caught if a reply is truncated or longer than it announces", async () => {
    expect((await verdictOf("version.type0", (vector) => void (vector.response_hex += "00"))).verdict).toBe("failed");
    const cut = await verdictOf(
      "echo.no-body",
      (vector) => void (vector.response_hex = vector.response_hex.slice(0, 10)),
    );
    expect(cut.verdict).toBe("failed");
  });
});
