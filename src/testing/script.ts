/** Scripts of machines: events in and effects out as lines of text, which rewrite themselves on demand. */
import { fromHex, isBytes, toHex } from "../bytes/index.js";
import { POISON } from "../bytes/poison.js";
import { isWireError } from "../errors.js";
import { guard, type Effect, type Env, type Event, type Machine, type Millis } from "../machine/index.js";
import { expectedShape } from "../machine/trace/entry-shape.js";
import { fromJson, toJson, type Json } from "../machine/trace/json.js";
import { Random } from "./random.js";
import { nodeProcess } from "./runs.js";
import { EPOCH_NS } from "./simulated-host.js";

/** A script that cannot be read, or a machine that does something else than its script says. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
}

const NAME = /^\$[A-Za-z]\w*$/;
/** One field: a name, and a bare word, a text in quotes or any JSON. */
const FIELD = /^(\w+)=("(?:[^"\\]|\\.)*"|[[{].*?[\]}](?= \w+=|$)|\S*)(?: |$)/;

/**
 * Plays the events of a script against a fresh machine.
 *
 * - `$name = 0a0b` names bytes.
 * - `> bytes link=1 bytes=$name` is an event. Bytes and bodies are hex digits or a name, other values words or JSON, in which
 *   `"$name"` stands for bytes too.
 * - `+ 500` lets 500 ms pass; the machine is woken when it asks for it.
 * - `# text` and empty lines are kept.
 *
 * @returns the script with the effects that the machine has now: `< write link=1 bytes=$name` after the event that causes
 * them, and `@ 1500` with the time of each wake
 * @throws ScriptError with the number of the line
 */
export function playScript<Request, Value, Emitted>(
  script: string,
  build: (env: Env) => Machine<Request, Value, Emitted>,
): string {
  const played = new Played(build);
  const lines = script.split("\n");
  lines.forEach((line, i) => {
    try {
      played.take(line);
    } catch (error) {
      if (error instanceof ScriptError || isWireError(error) || error instanceof SyntaxError) {
        throw new ScriptError(`line ${i + 1}: ${error.message}: ${line}`);
      }
      throw error;
    }
  });
  return played.text;
}

/**
 * Plays the script in a file, and compares. With `SPECWIRE_REWRITE=1` the file is written anew instead, for review.
 * @param file its path, or its URL. Needs Node.js
 * @throws ScriptError with the first line that differs
 */
export function checkScript<Request, Value, Emitted>(
  file: string | URL,
  build: (env: Env) => Machine<Request, Value, Emitted>,
): void {
  const process = nodeProcess();
  if (process === undefined) throw new ScriptError("expected Node.js to read a script");
  const fs = process.getBuiltinModule("node:fs");
  const before = fs.readFileSync(file, "utf8");
  const after = playScript(before, build);
  if (before === after) return;
  if (process.env["SPECWIRE_REWRITE"] !== undefined) return fs.writeFileSync(file, after);
  const [old, now] = [before.split("\n"), after.split("\n")];
  const at = now.findIndex((line, i) => line !== old[i]);
  const place = at < 0 ? now.length : at;
  const [expected, actual] = [old, now].map((lines) => lines[place] ?? "the end") as [string, string];
  throw new ScriptError(`${String(file)}:${place + 1}: expected ${expected}, got ${actual}`);
}

class Played<Request, Value, Emitted> {
  readonly #machine: Machine<Request, Value, Emitted>;
  readonly #names = new Map<string, Uint8Array>();
  readonly #lines: string[] = [];
  #nowMs: Millis = 0;

  constructor(build: (env: Env) => Machine<Request, Value, Emitted>) {
    const random = new Random(1, "script");
    const unixNs = (): bigint => EPOCH_NS + BigInt(Math.round(this.#nowMs * 1e6));
    this.#machine = guard(build({ random: (n) => random.bytes(n), unixNs }));
  }

  get text(): string {
    return this.#lines.join("\n");
  }

  take(line: string): void {
    const kind = line[0];
    // What a machine did at the last rewriting.
    if (kind === "<" || kind === "@") return;
    this.#lines.push(line);
    if (kind === undefined || kind === "#") return;
    if (kind === ">") this.#step(this.#readEvent(line.slice(1).trim()));
    else if (kind === "+") this.#pass(Number(line.slice(1)));
    else if (kind === "$") this.#define(line);
    else throw new ScriptError("expected >, +, $ or #");
  }

  #define(line: string): void {
    const [name = "", hex = ""] = line.split("=").map((part) => part.trim());
    if (!NAME.test(name)) throw new ScriptError("expected a name");
    this.#names.set(name, fromHex(hex));
  }

  #pass(ms: Millis): void {
    if (!(ms >= 0)) throw new ScriptError("expected a time");
    const untilMs = this.#nowMs + ms;
    for (let wakeMs = this.#machine.nextWakeMs(); wakeMs <= untilMs; wakeMs = this.#machine.nextWakeMs()) {
      this.#nowMs = Math.max(this.#nowMs, wakeMs);
      this.#lines.push(`@ ${this.#nowMs}`);
      this.#step({ type: "wake" });
    }
    this.#nowMs = untilMs;
  }

  #step(event: Event<Request>): void {
    const out: Effect<Value, Emitted>[] = [];
    this.#machine.step(event, this.#nowMs, out);
    if ("bytes" in event) event.bytes?.fill(POISON);
    if ("body" in event) event.body.fill(POISON);
    for (const effect of out) this.#lines.push(`< ${this.#write(effect)}`);
  }

  #readEvent(text: string): Event<Request> {
    const [type = ""] = text.split(" ", 1);
    const fields: Record<string, unknown> = type === "call" ? { deadlineMs: Infinity } : {};
    for (let rest = text.slice(type.length + 1); rest !== "";) {
      const [all, name, value] = FIELD.exec(rest) ?? [];
      if (all === undefined) throw new ScriptError("expected name=value");
      fields[name!] = name === "bytes" || name === "body" ? this.#readBytes(value!) : this.#readValue(value!);
      rest = rest.slice(all.length);
    }
    const event = { type, ...fields };
    const expected = expectedShape({ nowMs: 0, event });
    if (expected !== undefined) throw new ScriptError(`expected ${expected}`);
    return event as unknown as Event<Request>;
  }

  #readBytes(text: string): Uint8Array | undefined {
    if (text === "none") return undefined;
    if (!text.startsWith("$")) return fromHex(text);
    const bytes = this.#names.get(text);
    if (bytes === undefined) throw new ScriptError(`expected the name of bytes, got ${text}`);
    return bytes.slice();
  }

  #readValue(text: string): unknown {
    if (text === "Infinity") return Infinity;
    if (!JSON_VALUE.test(text) && !WORDS.has(text)) return text;
    const named = (_: string, value: unknown): unknown => {
      const bytes = typeof value === "string" ? this.#names.get(value) : undefined;
      return bytes === undefined ? value : { $hex: toHex(bytes) };
    };
    return fromJson(JSON.parse(text, named) as Json);
  }

  #write({ type, ...fields }: Effect<Value, Emitted>): string {
    const texts = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${isBytes(value) ? this.#writeBytes(value) : writeValue(value)}`);
    return [type, ...texts].join(" ");
  }

  #writeBytes(bytes: Uint8Array): string {
    const hex = toHex(bytes);
    for (const [name, named] of this.#names) if (toHex(named) === hex) return name;
    return hex;
  }
}

/** Values that are no words: JSON begins so. */
const JSON_VALUE = /^(["[{]|-?\d+$)/;

/** A word, or JSON where a word would be read as something else. */
function writeValue(value: unknown): string {
  const isWord = typeof value === "string" && /^[^\s"=]+$/.test(value) && !JSON_VALUE.test(value) && !WORDS.has(value);
  if (isWord || value === Infinity) return String(value);
  return JSON.stringify(toJson(value));
}

const WORDS: ReadonlySet<string> = new Set(["true", "false", "null", "Infinity"]);
