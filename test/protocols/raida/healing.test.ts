/** Tests of healing: in a simulated network, and by scripted replies. */
import { describe, expect, it } from "vitest";
import { equalBytes } from "../../../src/bytes/index.js";
import { isWireError, type WireErrorCode } from "../../../src/errors.js";
import {
  AN_BYTES,
  FindResult,
  Status,
  type Healing,
  type HealingOptions,
  type RaidaProfile,
  type ServerKind,
  type RaidaId,
  type RaidaRequest,
} from "../../../src/protocols/raida/index.js";
import { statusError } from "../../../src/protocols/raida/protocol.js";
import { HealingRun, type HealingWorld } from "../../../src/protocols/raida/client/healing-run.js";
import { simulate, type Faults, type Simulation } from "../../../src/testing/index.js";
import type { ByzantineFault } from "./simulated/byzantine.js";
import { newCoin, pickSome, SERVERS, World } from "./simulated/world.js";
import { scaled } from "../../support/scale.js";

/** Longer than any work that a server still does after the last request. */
const AFTERMATH_MS = 60_000;
const WRONG: readonly ByzantineFault[] = ["absent", "silent", "nonsense"];

interface Setting {
  readonly requestTimeoutMs: number;
  /** Servers that refuse, say nothing, or talk nonsense. */
  readonly wrong: number;
  readonly fracked: number;
  readonly timeoutMs?: number;
  readonly profile?: RaidaProfile;
  readonly kinds?: ServerKind;
  readonly attempts?: number;
}

/** One healing of three coins by 25 servers, from the call until nothing more happens. */
class Run {
  readonly world: World;
  readonly outcome: Healing | string;

  constructor(simulation: Simulation, { wrong, fracked, timeoutMs = Infinity, attempts = 2, ...options }: Setting) {
    const { random } = simulation;
    const coins = [3, 700, 1_030].map((serial, i) => newCoin(random, i - 1, serial));
    const byzantine = new Map([...pickSome(random, SERVERS, wrong)].map((id) => [id, WRONG[id % WRONG.length]!]));
    const lost = coins.map(() => pickSome(random, SERVERS, fracked));
    this.world = new World(simulation, { coins, byzantine, lost, ...options });
    this.outcome = this.world.heal(coins, timeoutMs, this.world.owner, { attempts });
    simulation.heal();
    simulation.runFor(AFTERMATH_MS);
  }

  /** All contradictions between the outcome and the servers. */
  contradictions(): string[] {
    return this.world.coins.flatMap(({ serial }, coin) =>
      [...this.world.servers.keys()].flatMap((id) => {
        const state = typeof this.outcome === "string" ? "no outcome" : this.outcome.coins[coin]!.states[id]!;
        return this.#isTrue(state, coin, id) ? [] : [`coin ${serial} on server ${id}: ${state}`];
      }),
    );
  }

  #isTrue(state: string, coin: number, id: RaidaId): boolean {
    const kept = this.world.kept(coin, id);
    const isUntouched = equalBytes(kept, this.world.before[coin]![id]!);
    if (typeof this.outcome === "string") return isUntouched;
    const { ans, proposedAns } = this.outcome.coins[coin]!;
    if (state === "authentic" || state === "healed") return equalBytes(kept, ans[id]!);
    if (state !== "limbo" || isUntouched) return isUntouched;
    return proposedAns[id] !== undefined && equalBytes(kept, proposedAns[id]);
  }
}

/** Whether all runs are made. A single replayed run is checked only for what holds in every run. */
const isWhole = process.env["SPECWIRE_RUN"] === undefined;

describe("a healing in a network that fails", () => {
  const calm: Partial<Faults> = { linkResetRate: 0, partitionsPerSecond: 0, delayMsMax: 20 };
  const file = import.meta.url;
  const plain = { requestTimeoutMs: 5_000, wrong: 0, fracked: 3 };

  it("heals every coin whenever enough servers are sound", () =>
    simulate("heals every coin whenever enough servers are sound", { runs: 12, file, faults: calm }, (simulation) => {
      const run = new Run(simulation, { ...plain, wrong: simulation.run % 8, fracked: 1 + (simulation.run % 5) });
      expect(run.contradictions()).toEqual([]);
      const { coins, isComplete } = run.outcome as Healing;
      expect(isComplete).toBe(true);
      for (const { states } of coins) {
        const open = states.filter(
          (state, id) => !run.world.byzantine.has(id) && state !== "authentic" && state !== "healed",
        );
        expect(open).toEqual([]);
      }
    }));

  it("changes nothing when thirteen have lost a coin", () =>
    simulate("changes nothing when thirteen have lost a coin", { runs: 3, file, faults: calm }, (simulation) => {
      const run = new Run(simulation, { ...plain, fracked: 13 });
      expect(run.contradictions()).toEqual([]);
      for (const { states } of (run.outcome as Healing).coins) {
        expect(states.filter((state) => state === "noQuorum")).toHaveLength(13);
      }
    }));

  it("never loses a number to a broken connection", async () => {
    let healed = 0;
    await simulate("never loses a number to a broken connection", { runs: 40, file }, (simulation) => {
      const run = new Run(simulation, { ...plain, wrong: simulation.run % 4, fracked: 4 });
      expect(run.contradictions()).toEqual([]);
      for (const { states } of (run.outcome as Healing).coins) {
        healed += states.filter((state) => state === "healed").length;
      }
    });
    expect(healed).toBeGreaterThan(isWhole ? 100 : -1);
  });

  it("heals in a second attempt what the first has not", async () => {
    const name = "heals in a second attempt what the first has not";
    const open = [0, 0];
    for (const attempts of [1, 2]) {
      await simulate(name, { runs: scaled(16, 40), file, faults: { linkResetRate: 0.05 } }, (simulation) => {
        const run = new Run(simulation, { ...plain, fracked: 4, attempts });
        expect(run.contradictions()).toEqual([]);
        const states = (run.outcome as Healing).coins.flatMap((coin) => coin.states);
        open[attempts - 1]! += states.filter((state) => /fracked|limbo|noQuorum/.test(state)).length;
      });
    }
    expect(open[1]).toBeLessThan(isWhole ? 0.75 * open[0]! : Infinity);
  });

  it("calls it limbo when a fix may happen after nobody waits for it", async () => {
    const name = "calls it limbo when a fix may happen after nobody waits for it";
    let limbos = 0;
    // In `reference` a peer without a ticket is asked too: a silent one holds a fix up for 3 s, the client waits for 1.
    const setting: Setting = { ...plain, wrong: 6, requestTimeoutMs: 1_000, profile: "reference", kinds: "specwire" };
    await simulate(name, { runs: 5, file, faults: calm }, (simulation) => {
      const run = new Run(simulation, setting);
      expect(run.contradictions()).toEqual([]);
      const { coins } = run.outcome as Healing;
      const limbo = coins.flatMap(({ states }, coin) =>
        states.flatMap((state, id) => (state === "limbo" ? [{ coin, id }] : [])),
      );
      for (const { coin, id } of limbo) expect(run.world.kept(coin, id)).toEqual(coins[coin]!.proposedAns[id]);
      limbos += limbo.length;
    });
    expect(limbos).toBeGreaterThan(isWhole ? 0 : -1);
  });

  it("settles with what it has when its time is up, at any moment", async () => {
    const name = "settles with what it has when its time is up, at any moment";
    const outcomes = new Set(isWhole ? [] : ["timeout", "partial", "complete"]);
    await simulate(name, { runs: 70, file, faults: calm }, (simulation) => {
      const run = new Run(simulation, { ...plain, timeoutMs: 10 * simulation.run });
      expect(run.contradictions()).toEqual([]);
      const { outcome } = run;
      outcomes.add(typeof outcome === "string" ? outcome : outcome.isComplete ? "complete" : "partial");
    });
    expect(outcomes).toEqual(new Set(["timeout", "partial", "complete"]));
  });
});

/** The reply to one request; undefined for success. */
type Script = (request: RaidaRequest, earlier: readonly RaidaRequest[]) => object | WireErrorCode | undefined;

/** A healing of coins that server 3 has lost, by servers that follow a script. */
function heal(
  count: number,
  script: Script,
  options: HealingOptions = {},
): { asked: RaidaRequest[]; outcome: Healing } {
  const an = new Uint8Array(AN_BYTES).fill(1);
  const coins = Array.from({ length: count }, (_, serial) => ({ denomination: 1, serial, ans: SERVERS.map(() => an) }));
  const asked: RaidaRequest[] = [];
  let isHealed = false;
  let outcome: Healing | undefined;
  const world: HealingWorld = {
    random: (n) => new Uint8Array(n).fill(7),
    progress: () => {},
    finish: (value) => (outcome = value),
    send: (request, done) => {
      const scripted = script(request, asked);
      const answer = scripted ?? wished(request, isHealed);
      isHealed ||= scripted === undefined && (request.command === "fix" || request.command === "find");
      asked.push(request);
      if (isWireError(answer)) return done({ ok: false, error: answer.toJSON() });
      if (typeof answer !== "string") return done({ ok: true, value: answer as never });
      done({ ok: false, error: { code: answer, format: "raida", path: "" } });
    },
  };
  new HealingRun(coins, world, options).start();
  return { asked, outcome: outcome! };
}

function wished(request: RaidaRequest, isHealed: boolean): object {
  const all = <T>(value: T): T[] => new Array<T>("coins" in request ? request.coins.length : 0).fill(value);
  switch (request.command) {
    case "detect":
      return { authentic: all(request.server !== LOSER || isHealed) };
    case "getTicket":
      return { authentic: all(true), ticket: 9 };
    case "fix":
      return { fixed: all(true) };
    default:
      return { results: all(FindResult.pan) };
  }
}

const LOSER = 3;

function sent<C extends RaidaRequest["command"]>(
  asked: readonly RaidaRequest[],
  command: C,
): Extract<RaidaRequest, { command: C }>[] {
  return asked.filter((request) => request.command === command) as Extract<RaidaRequest, { command: C }>[];
}

/** Says the same again and again until it has said it often enough. */
function first(times: number, command: RaidaRequest["command"], answer: object | WireErrorCode): Script {
  return (request, earlier) =>
    request.command === command && sent(earlier, command).length < times ? answer : undefined;
}

const NEITHER = { results: [FindResult.neither] };
const NOT_FIXED = { fixed: [false] };

describe("the requests of a healing", () => {
  it("asks find about more coins than one request can carry", () => {
    const { asked, outcome } = heal(2_000, first(1, "fix", "timeout"));
    expect(sent(asked, "find").map(({ coins }) => coins.length)).toEqual([1_610, 390]);
    expect(outcome.requests).toBe(25 + 24 + 1 + 2 + 25);
  });

  it("are as few as can be when nothing fails", () => {
    const { outcome } = heal(1, () => undefined);
    expect(outcome.requests).toBe(25 + 24 + 1 + 25);
    expect(outcome.coins[0]!.states[LOSER]).toBe("healed");
  });

  it("are not repeated for want of a quorum", () => {
    const { outcome } = heal(1, ({ command, server }) =>
      command === "detect" && server < 13 ? { authentic: [false] } : undefined,
    );
    expect(outcome.requests).toBe(25 + 12);
    expect(outcome.coins[0]!.states.slice(0, 13)).toEqual(new Array(13).fill("noQuorum"));
  });

  it.each([
    ["votes were lost", 2, first(1, "fix", NOT_FIXED)],
    ["the server was out of reach", 2, first(1, "fix", "unreachable")],
    ["tickets were lost", 1, first(24, "getTicket", "timeout")],
  ] as const)("begin again with the tickets when %s", (_, fixes, script) => {
    const panGenerators = SERVERS.map((id) => new Uint8Array(16).fill(id + 1));
    const { asked, outcome } = heal(1, script, { panGenerators });
    expect(sent(asked, "fix").map(({ panGenerator }) => panGenerator)).toEqual(
      new Array(fixes).fill(panGenerators[LOSER]),
    );
    // Who was not asked to fix is not asked what it has; only the server that has failed is asked for a second proof.
    expect(outcome.requests).toBe(25 + 24 + (fixes - 1) + (fixes === 2 ? 25 : 24) + 24 + 1 + 1);
    expect(asked.slice(-1)).toMatchObject([{ command: "detect", server: LOSER }]);
    expect(outcome.coins[0]!.states[LOSER]).toBe("healed");
    expect(outcome.coins[0]!.proposedAns[LOSER]).toBeUndefined();
  });

  it("are asked as often as wanted, and no more", () => {
    const never = first(Infinity, "fix", NOT_FIXED);
    for (const attempts of [1, 2, 5]) {
      const { asked, outcome } = heal(1, never, { attempts });
      expect(sent(asked, "fix")).toHaveLength(attempts);
      expect(outcome.coins[0]!.states[LOSER]).toBe("fracked");
      expect(outcome.coins[0]!.proposedAns[LOSER]).toBeUndefined();
    }
    for (const attempts of [0, 1.5, NaN]) {
      expect(() => heal(1, never, { attempts })).toThrow(expect.objectContaining({ code: "argument" }));
    }
  });

  it("ask a server in limbo what it has before anything else", () => {
    const { asked, outcome } = heal(1, both(first(1, "fix", "timeout"), first(1, "find", NEITHER)));
    expect(sent(asked, "fix")).toHaveLength(1);
    expect(sent(asked, "find")).toHaveLength(2);
    expect(outcome.requests).toBe(25 + 24 + 1 + 1 + 24 + 1 + 1);
    expect(outcome.coins[0]!.states[LOSER]).toBe("healed");
  });

  it("leave a server in limbo alone that says nothing", () => {
    const { asked, outcome } = heal(1, both(first(1, "fix", "timeout"), first(2, "find", "timeout")));
    expect(sent(asked, "fix")).toHaveLength(1);
    expect(outcome.coins[0]!.states[LOSER]).toBe("limbo");
    expect(outcome.coins[0]!.proposedAns[LOSER]).toBeDefined();
  });

  it("have a server in limbo fix again, to the same number", () => {
    const script = both(first(1, "fix", "timeout"), first(Infinity, "find", NEITHER));
    const { asked, outcome } = heal(1, script);
    const [one, two] = sent(asked, "fix");
    expect(two!.panGenerator).toEqual(one!.panGenerator);
    const proposed = sent(asked, "find")[0]!.coins[0]!.pan;
    expect(outcome.coins[0]!.states[LOSER]).toBe("healed");
    expect(outcome.coins[0]!.ans[LOSER]).toEqual(proposed);
  });

  it("leave a fix in limbo that is not done yet, and none that has failed", () => {
    for (const [status, state] of [
      [Status.waiting, "limbo"],
      [Status.transactionSeen, "limbo"],
      [252, "fracked"],
    ] as const) {
      const script = both(first(1, "fix", statusError(status, LOSER, 0)), first(Infinity, "find", NEITHER));
      const { outcome } = heal(1, script, { attempts: 1 });
      expect(outcome.coins[0]!.states[LOSER]).toBe(state);
      expect(outcome.coins[0]!.proposedAns[LOSER] !== undefined).toBe(state === "limbo");
    }
  });

  it("keep the number of a fix that may come late, whatever a later one says", () => {
    const find = first(Infinity, "find", NEITHER);
    const fix: Script = (request, earlier) =>
      request.command !== "fix" ? undefined : sent(earlier, "fix").length === 0 ? "timeout" : NOT_FIXED;
    const { asked, outcome } = heal(1, both(fix, find));
    expect(outcome.coins[0]!.states[LOSER]).toBe("limbo");
    expect(outcome.coins[0]!.proposedAns[LOSER]).toEqual(sent(asked, "find")[0]!.coins[0]!.pan);
  });
});

function both(one: Script, other: Script): Script {
  return (request, earlier) => one(request, earlier) ?? other(request, earlier);
}
