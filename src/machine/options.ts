/** Options of machines in traces, without secrets. */
import { argumentError } from "../errors.js";

/**
 * For every option of a machine: a check of the value that comes back from a trace, or `"secret"` for an option that no
 * trace may hold. A missing option does not compile, so that a new secret cannot get into traces by mistake.
 */
export type OptionSchema<Options> = {
  readonly [Name in keyof Required<Options>]: "secret" | ((value: unknown) => boolean);
};

const isNumber = (value: unknown): boolean => typeof value === "number" && value >= 0;

/** Checks of an {@link OptionSchema} that most machines need. What a value may be exactly, its constructor says. */
export const OPTION_CHECKS = {
  /** A number, 0 or more. */
  isNumber,
  areNumbers: (value: unknown): boolean => Array.isArray(value) && value.every(isNumber),
  isText: (value: unknown): boolean => typeof value === "string",
  areTexts: (value: unknown): boolean => Array.isArray(value) && value.every((text) => typeof text === "string"),
  isFlag: (value: unknown): boolean => typeof value === "boolean",
  isObject: (value: unknown): boolean => typeof value === "object" && value !== null,
} as const;

/** Replaces a secret in a trace. */
const SECRET = "<secret>";

/** The options without secrets, for the `start` of a machine in a trace. */
export function tracedOptions<Options extends object>(options: Options, schema: OptionSchema<Options>): object {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const shown = given.map(([name, value]) => [name, schema[name as keyof Options] === "secret" ? SECRET : value]);
  return Object.fromEntries(shown.filter(([name]) => Object.hasOwn(schema, name as string)));
}

/**
 * Checks options from a trace. The constructor of the machine says which of them it needs.
 * @throws WireError `argument` with the name of an option that is secret, unknown, or fails its check
 */
export function readOptions<Options extends object>(traced: unknown, schema: OptionSchema<Options>): Options {
  if (typeof traced !== "object" || traced === null) throw argumentError("options", "", "an object", typeof traced);
  for (const [name, value] of Object.entries(traced)) {
    if (!Object.hasOwn(schema, name))
      throw argumentError("options", name, `one of ${Object.keys(schema).join(", ")}`, JSON.stringify(name));
    const check = schema[name as keyof Options];
    if (check === "secret") throw argumentError("options", name, "a replay in code that gives it", "a secret");
    if (!check(value)) throw argumentError("options", name, "a valid value", typeof value);
  }
  return traced as Options;
}
