/** The steps of the checks of a change: which of them run side by side. */
import { expect, test } from "vitest";
import { runSteps, type Step } from "../../scripts/ci/schedule.mjs";

/** Runs steps that take as many turns as they say: what begins and ends, in order, and the outcomes. */
async function play(steps: Readonly<Record<string, Step & { readonly turns: number }>>, cores: number) {
  const said: string[] = [];
  const outcomes = await runSteps(steps, cores, async (name, { turns }) => {
    said.push(`+${name}`);
    for (let i = 0; i < 10 * turns; i++) await Promise.resolve();
    said.push(`-${name}`);
    return `outcome of ${name}`;
  });
  return { said: said.join(" "), outcomes };
}

test("steps run side by side as far as there are cores, those first that stand first", async () => {
  const steps = {
    wide: { turns: 3, cores: 2 },
    other: { turns: 1, cores: 2 },
    narrow: { turns: 1 },
    last: { turns: 1 },
  };
  const { said, outcomes } = await play(steps, 3);
  expect(said).toBe("+wide +narrow -narrow +last -last -wide +other -other");
  expect(outcomes).toEqual(Object.keys(steps).map((name) => `outcome of ${name}`));
});

test("a step waits for those that it names and that are to run", async () => {
  const steps = { first: { turns: 1, after: ["second", "left out"] }, second: { turns: 2 }, third: { turns: 1 } };
  expect((await play(steps, 2)).said).toBe("+second +third -third -second +first -first");
});

test("a step that needs more than there is runs alone", async () => {
  const steps = { narrow: { turns: 1 }, wide: { turns: 1, cores: 9 }, other: { turns: 2 } };
  expect((await play(steps, 2)).said).toBe("+narrow +other -narrow -other +wide -wide");
});

test("steps that wait for each other are refused, and so is a step that throws", async () => {
  const circle = {
    first: { turns: 1, after: ["second"] },
    second: { turns: 1, after: ["first"] },
    third: { turns: 1 },
  };
  await expect(play(circle, 2)).rejects.toThrow("these steps wait for each other: first, second");
  await expect(runSteps({ one: {} }, 1, () => Promise.reject(new Error("none")))).rejects.toThrow("none");
});
