import { argumentError } from "../errors.js";

/**
 * How every option of a machine stands in a trace: with a check of what comes back from a file, or not at all where it
 * is secret. An option that is missing here does not compile, so that no new secret is written down by accident.
 */
export type OptionSchema<Options> = {
  readonly [Name in keyof Required<Options>]: "secret" | ((value: unknown) => boolean);
};

/** What stands for a secret in a trace. */
const SECRET = "<secret>";

/** The options as a trace may show them, for the `start` of a machine. */
export function tracedOptions<Options extends object>(options: Options, schema: OptionSchema<Options>): object {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const shown = given.map(([name, value]) => [name, schema[name as keyof Options] === "secret" ? SECRET : value]);
  return Object.fromEntries(shown.filter(([name]) => Object.hasOwn(schema, name as string)));
}

/**
 * Options out of a trace. Which of them a machine needs, its constructor says.
 * @throws WireError `argument` with the name of the option: it is secret, unknown, or not of its form
 */
export function readOptions<Options extends object>(traced: unknown, schema: OptionSchema<Options>): Options {
  if (typeof traced !== "object" || traced === null) throw argumentError("options", "", "an object", typeof traced);
  for (const [name, value] of Object.entries(traced)) {
    if (!Object.hasOwn(schema, name))
      throw argumentError("options", name, `one of ${Object.keys(schema).join(", ")}`, "another name");
    const check = schema[name as keyof Options];
    if (check === "secret") throw argumentError("options", name, "a replay in code that gives it", "a secret");
    if (!check(value)) throw argumentError("options", name, "a value of its form", typeof value);
  }
  return traced as Options;
}
