/** The choice of an engine: crossovers, missing engines and `withEngine`. */
import { describe, expect, test, vi } from "vitest";
import { CROSSOVERS, type Crossovers, type EngineName } from "../../../src/kernel/engine/crossovers.js";
import { kernelReport, type PrimitiveName, withEngine } from "../../../src/kernel/index.js";
import { type EngineLoaders, Primitive } from "../../../src/kernel/engine/engine-choice.js";

const ENGINES: readonly EngineName[] = ["wasm", "node", "noble", "js"];
const EVERYWHERE: readonly EngineName[] = ["noble", "js"];
const table: [PrimitiveName, Crossovers][] = Object.entries(CROSSOVERS) as [PrimitiveName, Crossovers][];

/** A primitive whose engines are their names, of which this machine has `have`. */
function named(primitive: PrimitiveName, have: readonly EngineName[]) {
  const loaders = Object.fromEntries(
    ENGINES.map((name) => [name, vi.fn<() => EngineName | undefined>(() => (have.includes(name) ? name : undefined))]),
  );
  return { loaders, primitive: new Primitive(primitive, CROSSOVERS[primitive], loaders as EngineLoaders<EngineName>) };
}

describe.each(table)("the crossovers of %s", (name, { steps }) => {
  test("begin at 0, ascend, and end with an engine that every machine has", () => {
    expect(steps[0]!.from).toBe(0);
    steps.slice(1).forEach((step, i) => expect(step.from).toBeGreaterThan(steps[i]!.from));
    for (const { prefer } of steps) expect(EVERYWHERE).toContain(prefer.at(-1));
  });

  test("choose at both sides of each crossover", () => {
    const { primitive } = named(name, ENGINES);
    steps.forEach(({ from, prefer }, i) => {
      expect(primitive.engineFor(from)).toBe(prefer[0]);
      expect(primitive.engineFor((steps[i + 1]?.from ?? Infinity) - 1)).toBe(prefer[0]);
    });
  });

  test("fall back to the engine that every machine has", () => {
    const { primitive } = named(name, EVERYWHERE);
    for (const { from, prefer } of steps) expect(primitive.engineFor(from)).toBe(prefer.at(-1));
  });

  test("are reported for this machine", () => {
    const row = kernelReport().find(({ primitive }) => primitive === name)!;
    expect(row.serves[0]!.from).toBe(0);
    for (const { engine } of row.serves) expect(row.engines).toContain(engine);
    expect(row.engines).toContain(steps[0]!.prefer.at(-1));
  });
});

describe("an engine", () => {
  test("is made once, on its first use, if those before it are missing", () => {
    const { loaders, primitive } = named("md5-rows", ENGINES);
    for (const loader of Object.values(loaders)) expect(loader).not.toHaveBeenCalled();
    primitive.engineFor(1);
    primitive.engineFor(1);
    expect(loaders[CROSSOVERS["md5-rows"].steps[0].prefer[0]]).toHaveBeenCalledTimes(1);
    expect(loaders.js).not.toHaveBeenCalled();
  });

  test("that is missing is not loaded again", () => {
    const { loaders, primitive } = named("md5-rows", ["noble"]);
    primitive.engineFor(1);
    primitive.engineFor(1);
    expect(loaders.wasm).toHaveBeenCalledTimes(1);
  });

  test("must exist: its absence is a fault", () => {
    const { primitive } = named("md5-rows", []);
    expect(() => primitive.engineFor(1)).toThrow(expect.objectContaining({ code: "fault" }));
  });
});

describe("withEngine", () => {
  test("forces an engine at every size, nests, and ends after an error too", () => {
    const { primitive } = named("sha256", ENGINES);
    const usual = primitive.engineFor(1);
    for (const name of ENGINES) {
      expect(withEngine(name, () => [primitive.engineFor(0), primitive.engineFor(1e9)])).toEqual([name, name]);
    }
    withEngine("js", () => {
      expect(withEngine("wasm", () => primitive.engineFor(1))).toBe("wasm");
      expect(primitive.engineFor(1)).toBe("js");
    });
    const failing = () => {
      throw new Error("inside");
    };
    expect(() => withEngine("js", failing)).toThrow("inside");
    expect(primitive.engineFor(1)).toBe(usual);
  });

  test("does not affect a primitive without the engine", () => {
    const { primitive } = named("sha256", ["noble"]);
    expect(withEngine("wasm", () => primitive.engineFor(1))).toBe("noble");
  });
});
