/** The cases of a recording, of which each is read and run on its own. */
import { isWireError } from "../errors.js";
import { isRecord, type Field } from "./field.js";
import { shortened, type Case, type Outcome } from "./verdict.js";

/** The family of vectors that cannot be read. */
const UNREADABLE = "unreadable";

/**
 * The cases of a list of vectors. A vector that cannot be read becomes a case that fails, named by its name or else its
 * place in the file, and does not affect the others. So does a member that should be the list.
 */
export function casesOf(parent: Field, list: string, read: (vector: Field) => Case): readonly Case[] {
  let vectors: readonly Field[];
  try {
    vectors = parent.get(list).items();
  } catch (error) {
    return [failing(parent, error)];
  }
  return vectors.map((vector) => {
    try {
      return read(vector);
    } catch (error) {
      return failing(vector, error);
    }
  });
}

/** Runs a case. An error of any type is its failure alone: a recording can hold anything. */
export async function run(one: Case): Promise<Outcome> {
  try {
    return await one.run();
  } catch (error) {
    return failureOf(error);
  }
}

function failing(field: Field, error: unknown): Case {
  return { name: nameOf(field), family: UNREADABLE, run: () => failureOf(error) };
}

function failureOf(error: unknown): Outcome {
  return { verdict: "failed", differences: [shortened(isWireError(error) ? error.message : String(error))] };
}

function nameOf({ value, path }: Field): string {
  const name = isRecord(value) ? (value["name"] ?? value["id"]) : undefined;
  return typeof name === "string" ? name : path;
}
