/** `simulate`: correct servers pass, planted faults are found, failing runs repeat. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { equalBytes } from "../../src/bytes/index.js";
import { readTrace, replay } from "../../src/machine/index.js";
import { replayCommand, simulate, type Simulation, type SimulationCall } from "../../src/testing/index.js";
import { KeyValueClient, KeyValueServer, type KeyValueAnswer, type Planted } from "../machine/key-value.js";

const SERVER = "server:7000";
const file = import.meta.url;

afterEach(() => vi.unstubAllEnvs());

interface Written {
  readonly value: Uint8Array;
  readonly put: SimulationCall<KeyValueAnswer>;
}

/**
 * What the key-value server promises: what it has acknowledged is there, also after a crash; and once the network is
 * healed, it answers.
 */
function keepsWhatItAcknowledges(planted: Planted = {}): (simulation: Simulation) => void {
  return (simulation) => {
    const { random } = simulation;
    const server = simulation.host("server", () => new KeyValueServer(planted), { listen: SERVER });
    const clients = ["a", "b", "c"].map((name) => simulation.host(name, (env) => new KeyValueClient(SERVER, env)));
    const written = new Map<string, Written>();
    const isStored = (key: string, value: Uint8Array) => {
      const stored = server.disk.read(key);
      return stored !== undefined && equalBytes(stored.subarray(2), value);
    };
    simulation.always(() => {
      for (const [key, { value, put }] of written) {
        if (put.outcome?.ok) expect(isStored(key, value), `${key} was acknowledged`).toBe(true);
      }
    });
    for (let i = 0; i < 8; i++) {
      const [key, value] = [`key ${i}`, random.bytes(random.between(1, 300))];
      written.set(key, { value, put: random.pick(clients).call({ kind: "put", key, value }, 3_000) });
      simulation.runFor(random.below(200));
      if (random.chance(0.1)) {
        server.crash();
        simulation.runFor(random.below(200));
        server.restart();
      }
    }
    simulation.heal();
    // Until the calls of before the healing are over: a request that a reset has eaten is answered by its deadline.
    simulation.runUntil(() => [...written.values()].every(({ put }) => put.outcome !== undefined), 20_000);
    // The reset of a crash may still be on its way to a client, which does not ask twice.
    simulation.runFor(1_000);
    const key = "key 0";
    const gets = clients.map((client) => client.call({ kind: "get", key }, 8_000));
    simulation.runUntil(() => gets.every(({ outcome }) => outcome !== undefined), 10_000);
    for (const get of gets) expect(get.outcome?.ok, "answers once healed").toBe(true);
  };
}

async function failureOf(play: Promise<void>): Promise<Error> {
  const outcome = await play.then(
    () => undefined,
    (error: Error) => error,
  );
  if (outcome === undefined) throw new Error("every run passed");
  return outcome;
}

describe("simulate", () => {
  it("passes 200 runs of a correct server", async () => {
    let runs = 0;
    await simulate("passes 200 runs of a correct server", { runs: 200, file }, (simulation) => {
      runs++;
      keepsWhatItAcknowledges()(simulation);
    });
    expect(runs).toBe(process.env["SPECWIRE_RUN"] === undefined ? 200 : 1);
  });

  it.each<[string, Planted, RegExp]>([
    ["acknowledges before the disk has stored", { acknowledgesEarly: true }, /was acknowledged/],
    ["stores borrowed bytes", { keepsBorrowed: true }, /was acknowledged/],
    ["throws on valid input", { breaksOn: 7 }, /planted/],
  ])("finds a server that %s", async (name, planted, message) => {
    const failure = await failureOf(simulate(name, { runs: 200, file }, keepsWhatItAcknowledges(planted)));
    expect(failure.message).toMatch(message);
  });

  it("throws with the command that repeats the failing run", async () => {
    const scenario = keepsWhatItAcknowledges({ breaksOn: 7 });
    const play = () => failureOf(simulate("a server (that breaks)", { runs: 200, file }, scenario));
    const first = await play();
    const command = /SPECWIRE_RUN=(\d+) npx vitest run (\S+) -t "(.+)"$/.exec(first.message)!;
    expect(existsSync(command[2]!), command[2]).toBe(true);
    expect("a server (that breaks)").toMatch(new RegExp(`^${command[3]!}$`));

    vi.stubEnv("SPECWIRE_RUN", command[1]!);
    const played: number[] = [];
    const again = await failureOf(
      simulate("a server (that breaks)", { runs: 200, file }, (simulation) => {
        played.push(simulation.run);
        scenario(simulation);
      }),
    );
    expect(played).toEqual([Number(command[1])]);
    expect(again.message).toBe(first.message);
  });

  it("writes the trace of a run to SPECWIRE_TRACE", async () => {
    const folder = mkdtempSync(join(tmpdir(), "specwire-"));
    try {
      vi.stubEnv("SPECWIRE_RUN", "3");
      vi.stubEnv("SPECWIRE_TRACE", join(folder, "trace.jsonl"));
      await simulate("a trace", { runs: 1 }, keepsWhatItAcknowledges());
      const trace = readTrace(readFileSync(join(folder, "trace.jsonl"), "utf8"));
      expect(trace.header).toEqual({ machine: "a trace", run: 3 });
      const { events, difference } = replay(() => new KeyValueServer(), trace, "server");
      expect([events > 20, difference]).toEqual([true, undefined]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("plays a range of runs, so that many are played in parts", async () => {
    vi.stubEnv("SPECWIRE_RUN", "9-11");
    const played: number[] = [];
    await simulate("any", { runs: 1 }, ({ run }) => void played.push(run));
    expect(played).toEqual([9, 10, 11]);
  });

  it.each(["seventeen", "", "-3", "1-", "3-1", "1-2-3"])("refuses %j, which names no run", async (text) => {
    vi.stubEnv("SPECWIRE_RUN", text);
    await expect(simulate("any", { runs: 1 }, () => {})).rejects.toThrow(`SPECWIRE_RUN: expected the number of a run`);
  });

  it("escapes a command for the shell and for regular expressions", () => {
    expect(replayCommand('a "$(name)"', 4)).toBe('SPECWIRE_RUN=4 npx vitest run -t "a ...name.."');
    expect(replayCommand("n", 4, "file:///a/b/c.test.ts", "/a")).toBe(
      'SPECWIRE_RUN=4 npx vitest run b/c.test.ts -t "n"',
    );
  });

  it("names the program where no Vitest runs", () => {
    vi.stubEnv("VITEST", undefined);
    const argv = vi.spyOn(process, "argv", "get").mockReturnValue(["/usr/bin/node", "/a/my sim.mjs", "--fast"]);
    expect(replayCommand("n", 4, undefined, "/a")).toBe("SPECWIRE_RUN=4 node '/a/my sim.mjs' --fast");
    argv.mockRestore();
  });
});
