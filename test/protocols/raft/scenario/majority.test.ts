/** Majorities: all ways in which voters answer a candidate, and what acknowledgements commit. */
import { describe, expect, test } from "vitest";
import { runRaftScenario } from "../../../../src/testing/index.js";

const PROPOSALS = 3;

type Answer = "none" | "granted" | "refused";

/** All lists of a length with these items. */
function listsOf<Item>(items: readonly Item[], length: number): Item[][] {
  if (length === 0) return [[]];
  return listsOf(items, length - 1).flatMap((list) => items.map((item) => [...list, item]));
}

/** What core 1 of so many voters is, after steps in which the others are played. */
function viewOf(voters: number, steps: readonly unknown[]) {
  const members = Array.from({ length: voters }, (_, i) => ({ id: i + 1, role: "voter" }));
  const options = { preVote: false, checkQuorum: false };
  const observations = runRaftScenario({ options, members, cores: [1], steps });
  return observations.at(-1)!.members[1]!;
}

const campaign = [
  { do: "campaign", id: 1 },
  { do: "settle", id: 1 },
];

function answerOf(from: number, refused: boolean) {
  return { do: "inject", message: { from, to: 1, kind: "voteAnswer", term: 1, refused } };
}

describe.each([1, 2, 3, 4, 5])("of %d voters", (voters) => {
  const majority = Math.floor(voters / 2) + 1;

  test("a majority of grants elects, and a majority that cannot be had ends the campaign", () => {
    for (const answers of listsOf<Answer>(["none", "granted", "refused"], voters - 1)) {
      const steps = answers.flatMap((answer, i) => (answer === "none" ? [] : [answerOf(i + 2, answer === "refused")]));
      const granted = 1 + answers.filter((answer) => answer === "granted").length;
      const refused = answers.filter((answer) => answer === "refused").length;
      const role = granted >= majority ? "Leader" : voters - refused < majority ? "Follower" : "Candidate";
      expect(viewOf(voters, [...campaign, ...steps]).role, answers.join(" ")).toBe(role);
    }
  });

  test("what a majority has stored is committed", () => {
    const last = 1 + PROPOSALS;
    const proposals = Array.from({ length: PROPOSALS }, () => ({ do: "propose", id: 1, data: "a" }));
    for (const acknowledged of listsOf([0, 2, last], voters - 1)) {
      const elected = acknowledged.map((_, i) => answerOf(i + 2, false));
      const answers = acknowledged.flatMap((index, i) => {
        const message = { from: i + 2, to: 1, kind: "appendAnswer", term: 1, index };
        return index === 0 ? [] : [{ do: "inject", message }];
      });
      const steps = [...campaign, ...elected, ...proposals, { do: "settle", id: 1 }, ...answers];
      const descending = [last, ...acknowledged].sort((a, b) => b - a);
      expect(viewOf(voters, steps).commit, acknowledged.join(" ")).toBe(descending[majority - 1]);
    }
  });
});
