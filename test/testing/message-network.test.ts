/** The network of messages between cores. */
import { describe, expect, it } from "vitest";
import {
  drawMessageFaults,
  MESSAGE_FAULT_CEILINGS,
  MessageNetwork,
  NO_MESSAGE_FAULTS,
  SimulationError,
  type MessageFaults,
} from "../../src/testing/index.js";

/** A network on which every core notes what it hears. */
function heardWith(faults: Partial<MessageFaults>, run = 1, names = ["a", "b", "c"]) {
  const network = new MessageNetwork<number>({ run, faults: { ...NO_MESSAGE_FAULTS, ...faults } });
  const heard = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const name of names) network.add(name, (message, from) => heard.get(name)!.push(`${from}${message}`));
  return { network, heard: (name: string) => heard.get(name)! };
}

describe("messages", () => {
  it("arrive once and soon without faults", () => {
    const { network, heard } = heardWith({});
    network.send("a", "b", 1);
    network.send("b", "a", 2);
    network.send("a", "nobody", 3);
    network.runFor(1);
    expect([heard("a"), heard("b"), heard("c")]).toEqual([["b2"], ["a1"], []]);
  });

  it("are lost, duplicated, and late in no order", () => {
    const { network, heard } = heardWith({ dropRate: 0.3, duplicateRate: 0.5, delayMsMax: 100 });
    for (let i = 0; i < 1_000; i++) network.send("a", "b", i);
    network.runFor(99);
    expect(heard("b").length).toBeGreaterThan(900);
    network.runFor(1);
    const arrived = heard("b").map((text) => Number(text.slice(1)));
    expect(new Set(arrived).size).toBeGreaterThan(650);
    expect(new Set(arrived).size).toBeLessThan(750);
    expect(arrived.length / new Set(arrived).size).toBeCloseTo(1.5, 1);
    expect(arrived.toSorted((x, y) => x - y)).not.toEqual(arrived);
  });

  it("repeat with the run, and differ without", () => {
    const play = (run: number): string[] => {
      const { network, heard } = heardWith(MESSAGE_FAULT_CEILINGS, run);
      for (let i = 0; i < 200; i++) {
        network.send("a", "b", i);
        network.runFor(20);
      }
      return heard("b");
    };
    expect(play(1)).toEqual(play(1));
    expect(play(1)).not.toEqual(play(2));
  });

  it("are the ones that were sent, unless they are copied", () => {
    for (const copy of [undefined, structuredClone as (message: number[]) => number[]]) {
      const network = new MessageNetwork<number[]>({ run: 1, faults: NO_MESSAGE_FAULTS, ...(copy && { copy }) });
      const sent = [1];
      network.add("b", (message) => message.push(2));
      network.send("a", "b", sent);
      network.runFor(1);
      expect(sent).toEqual(copy === undefined ? [1, 2] : [1]);
    }
  });
});

describe("cuts", () => {
  it("are of one direction, of pairs, or of some cores from all others, until they heal", () => {
    const { network, heard } = heardWith({});
    const pass = (): string => {
      const pairs = ["ab", "ba", "ac", "ca", "bc", "cb"];
      for (const name of ["a", "b", "c"]) heard(name).length = 0;
      for (const [from, to] of pairs as unknown as [string, string][]) network.send(from, to, 0);
      network.runFor(1);
      return pairs.filter(([from, to]) => heard(to!).includes(`${from}0`)).join(" ");
    };
    network.cut(["a"], ["b"], { oneWay: true });
    expect(pass()).toBe("ba ac ca bc cb");
    network.cut(["c"], ["b"]);
    expect(pass()).toBe("ba ac ca");
    network.partition("c");
    expect(pass()).toBe("ab ba");
    network.heal();
    expect(pass()).toBe("ab ba ac ca bc cb");
  });

  it("are drawn, and end with the healing", () => {
    const { network, heard } = heardWith({ cutsPerSecond: 2, cutMsMax: 1_000 }, 1, ["a", "b", "c", "d"]);
    const send = (count: number): number => {
      const before = heard("b").length;
      for (let i = 0; i < count; i++) {
        network.send("a", "b", i);
        network.runFor(10);
      }
      return heard("b").length - before;
    };
    const arrived = send(1_000);
    expect(arrived).toBeGreaterThan(100);
    expect(arrived).toBeLessThan(950);
    network.heal();
    expect(send(1_000)).toBe(1_000);
  });
});

describe("cores", () => {
  it("that are gone hear nothing, until they are built again", () => {
    const { network, heard } = heardWith({});
    network.send("a", "b", 1);
    network.remove("b");
    network.runFor(1);
    const again: number[] = [];
    network.add("b", (message) => again.push(message));
    network.send("a", "b", 2);
    network.runFor(1);
    expect([heard("b"), again]).toEqual([[], [2]]);
  });

  it("have timers, checks after every event, and a limit for what has to happen", () => {
    const { network } = heardWith({});
    let [ticks, checks] = [0, 0];
    network.always(() => checks++);
    const cancel = network.after(10, () => ticks--);
    network.after(20, () => ticks++);
    cancel();
    network.runUntil(() => ticks === 1, 100);
    expect([network.nowMs, ticks, checks]).toEqual([20, 1, 1]);
    expect(() => network.runUntil(() => ticks === 2, 100)).toThrow(SimulationError);
    network.always(() => {
      throw new Error("unsafe");
    });
    network.after(1, () => {});
    expect(() => network.runFor(1)).toThrow("unsafe");
  });
});

it("draws faults up to their ceilings, a third of them not at all", () => {
  const drawn = Array.from({ length: 300 }, (_, run) => drawMessageFaults(run, { dropRate: 0.1 }));
  const drops = drawn.map(({ dropRate }) => dropRate);
  expect(Math.max(...drops)).toBeLessThanOrEqual(0.1);
  expect(Math.max(...drops)).toBeGreaterThan(0.09);
  expect(drops.filter((rate) => rate === 0).length).toBeGreaterThan(70);
  expect(Math.max(...drawn.map(({ delayMsMax }) => delayMsMax))).toBeGreaterThan(95);
});
