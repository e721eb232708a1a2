/** Reading of scenarios: checks the form of a file, and that no step is at a core that is not there. */
import { argumentError } from "../../../errors.js";
import { PLACE_MAX } from "../core/messages.js";
import {
  CHANGES,
  MESSAGE_KINDS,
  type Action,
  type Expectations,
  type MessageFilter,
  type MessageKind,
  type MessageView,
  type Position,
  type Scenario,
  type ScenarioMember,
  type Start,
  type Step,
} from "./form.js";
import {
  anything,
  fieldPath,
  flag,
  list,
  object,
  oneOf,
  record,
  refuse,
  text,
  whole,
  type Reader,
} from "./json-readers.js";

/** The longest that a clock may go on in one step: a day. */
const MS_MAX = 86_400_000;
/** Lists and objects inside each other: a scenario has 7. */
const DEPTH_MAX = 32;
/** Most messages or stores of one step. */
const COUNT_MAX = 1_000_000;

const id = whole(1);
const number = whole(0);
const ms = whole(0, MS_MAX);
const count = whole(1, COUNT_MAX);
const kind = oneOf(MESSAGE_KINDS);
const position = list(number, 2) as unknown as Reader<Position>;
const options = record(() => true, "", anything);

const filter = object<MessageFilter>({ "to?": list(id), "from?": list(id), "kinds?": list(kind) });

/** The fields of a message of each kind, beside `from`, `to`, `kind` and `term`. */
const MESSAGE_FIELDS: Readonly<Record<MessageKind, Readonly<Record<string, Reader<unknown>>>>> = {
  vote: { last: position, "transfer?": flag },
  preVote: { last: position, "transfer?": flag },
  voteAnswer: { "refused?": flag },
  preVoteAnswer: { "refused?": flag },
  append: { prev: position, commit: number, "entries?": list(position) },
  heartbeat: { prev: position, commit: number },
  appendAnswer: { index: number, "refused?": flag, "hint?": position },
  snapshot: { index: id },
  snapshotAnswer: { index: number, "installed?": flag },
  timeoutNow: {},
};

const COMMON_MESSAGE_FIELDS = { from: id, to: id, kind, term: number };

const MESSAGES = new Map(
  MESSAGE_KINDS.map((name) => [name, object<MessageView>({ ...COMMON_MESSAGE_FIELDS, ...MESSAGE_FIELDS[name] })]),
);

const message: Reader<MessageView> = (value, path) => {
  const found = typeof value === "object" && value !== null ? (value as Record<string, unknown>)["kind"] : undefined;
  const shape = value === found ? undefined : MESSAGES.get(found as MessageKind);
  if (shape === undefined) refuse(fieldPath(path, "kind"), `one of ${MESSAGE_KINDS.join(", ")}`, found);
  return checkEntries(shape(value, path), path);
};

/** Entries travel without their indexes: one that does not follow would silently get another. */
function checkEntries(checked: MessageView, path: string): MessageView {
  const { prev = [0, 0], entries = [] } = checked;
  for (const [i, [index]] of entries.entries()) {
    const next = prev[0] + 1 + i;
    if (index !== next) refuse(`${path}.entries[${i}][0]`, `${next}, the index behind the one before`, index);
  }
  return checked;
}

/** From where on a core can still count. */
const first = whole(0, PLACE_MAX);

const start = object<Partial<Start>>({
  "index?": first,
  "term?": first,
  "terms?": list(first),
  "hardTerm?": first,
  "vote?": number,
});

type ActionName = Action["do"];

/** The fields of each step. */
const ACTIONS: Readonly<Record<ActionName, Readonly<Record<string, Reader<unknown>>>>> = {
  campaign: { id },
  tick: { id, ms },
  setElection: { id, ms },
  propose: { id, data: text },
  change: { id, op: oneOf(CHANGES), member: id },
  transfer: { id, to: id },
  read: { id, tag: (value, path) => (typeof value === "number" ? value : text(value, path)) },
  compact: { id, index: number },
  forgetLeader: { id },
  unreachable: { id, peer: id },
  deliver: {
    "to?": list(id),
    "from?": list(id),
    "kinds?": list(kind),
    "n?": count,
    "drop?": flag,
    "duplicate?": flag,
    "order?": oneOf(["reverse"]),
  },
  inject: { message },
  store: { id, "n?": count },
  fail: { id },
  settle: { id },
  stabilize: { "ids?": list(id) },
  add: { ids: list(id), "start?": start },
  crash: { id, "stored?": flag },
  restart: { id, "options?": options },
  cut: { pairs: list(list(id, 2)) },
  heal: {},
};

/** An object of which some of the fields are given, whatever they are. */
function someOf(fields: Readonly<Record<string, Reader<unknown>>>): Reader<unknown> {
  return object(Object.fromEntries(Object.entries(fields).map(([name, reader]) => [`${name}?`, reader])));
}

const namesOf = (names: string): Readonly<Record<string, Reader<unknown>>> =>
  Object.fromEntries(names.split(" ").map((name) => [name, anything]));

const isId = (name: string): boolean => /^[1-9]\d{0,15}$/.test(name);

/** Some fields of views. A name that no view has is a mistake; a value that none has is an expectation that fails. */
const view = someOf({
  ...namesOf("role term vote leader commit applied stored storing first last terms snapshot reads"),
  config: (value, path) => (value === null ? null : someOf(namesOf("voters learners"))(value, path)),
  progress: record(isId, "the id of a member", someOf(namesOf("state match next inflight paused"))),
});

const EXPECTATIONS = {
  "refused?": flag,
  "expect?": record(isId, "the id of a core", view),
  "of?": filter,
  "messages?": list(
    someOf(namesOf("from to kind term last transfer refused prev commit entries index hint installed")),
  ),
  "fault?": id,
};

const LOOK = object<Step>(EXPECTATIONS);
const STEPS = new Map(
  Object.entries(ACTIONS).map(([name, fields]) => [
    name,
    object<Step>({ do: anything, ...fields, ...EXPECTATIONS } as Record<string, Reader<unknown>>),
  ]),
);

const step: Reader<Step> = (value, path) => {
  const name = typeof value === "object" && value !== null && "do" in value ? value.do : undefined;
  if (name === undefined) return checkFilter(LOOK(value, path), path);
  const shape = STEPS.get(name as string);
  if (shape === undefined) refuse(fieldPath(path, "do"), `one of ${[...STEPS.keys()].join(", ")}`, name);
  return checkFilter(shape(value, path), path);
};

/** A filter without messages would look like a check, and be none. */
function checkFilter<Checked extends Expectations>(checked: Checked, path: string): Checked {
  if (checked.of !== undefined && checked.messages === undefined)
    refuse(`${path}.of`, "messages beside it", checked.of);
  return checked;
}

interface Head {
  readonly name?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly members: readonly (ScenarioMember & { readonly start?: Partial<Start> })[];
  readonly cores?: readonly number[];
  readonly start?: Partial<Start>;
  readonly steps: readonly Step[];
}

const head = object<Head>({
  "name?": text,
  "options?": options,
  members: list(object({ id, role: oneOf(["voter", "learner"]), "start?": start })),
  "cores?": list(id),
  "start?": start,
  steps: list(step),
});

/**
 * Checks a scenario.
 * @throws WireError `argument` for a file of the wrong shape, with the path: an unknown step, field or id, an id that is
 *   up twice, a step at a core that is down
 */
export function readScenario(json: unknown): Scenario {
  requireShallow(json);
  const { name = "", options: given = {}, members, cores, start: common, steps } = head(json, "");
  requireDistinct(
    members.map((member) => member.id),
    (i) => `members[${i}].id`,
  );
  const ids = cores ?? members.map((member) => member.id);
  requireDistinct(ids, (i) => `cores[${i}]`);
  const starts = new Map(
    members.map((member, i) => {
      const path = member.start === undefined ? "start" : `members[${i}].start`;
      return [member.id, completed({ ...common, ...member.start }, path)];
    }),
  );
  const scenario: Scenario = {
    name,
    options: given,
    members: members.map((member) => ({ id: member.id, role: member.role })),
    cores: ids
      .map((core) => ({ id: core, start: starts.get(core) ?? completed({ ...common }, "start") }))
      .sort((a, b) => a.id - b.id),
    steps: steps.map((each, i) =>
      each.do === "add" && each.start !== undefined
        ? { ...each, start: completed(each.start, `steps[${i}].start`) }
        : each,
    ),
  };
  new Attendance(ids).follow(scenario.steps);
  return scenario;
}

/** Refuses what is nested so deep that readers, comparisons and messages of errors would run out of stack. */
function requireShallow(json: unknown): void {
  let level: unknown[] = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) throw argumentError("scenario", "", `at most ${DEPTH_MAX} levels`, "more");
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
}

function requireDistinct(ids: readonly number[], pathOf: (i: number) => string): void {
  for (const [i, one] of ids.entries()) {
    if (ids.indexOf(one) !== i) refuse(pathOf(i), "an id that was not named before", one);
  }
}

/** A start with its defaults. */
function completed(given: Partial<Start>, path: string): Start {
  const { index = 0, term = 0, terms = [], vote = 0 } = given;
  if (index === 0 && term > 0) refuse(`${path}.term`, "0 where no entry is covered", term);
  for (const [i, each] of terms.entries()) {
    const before = terms[i - 1] ?? term;
    if (each < before || each === 0) refuse(`${path}.terms[${i}]`, `a term from ${Math.max(1, before)}`, each);
  }
  // Below the last entry no member stores it; others' scenarios begin so, and a campaign from there is like any other.
  const { hardTerm = terms.at(-1) ?? term } = given;
  return { index, term, terms, hardTerm, vote };
}

/** Follows which cores are up. */
class Attendance {
  readonly #up: Set<number>;
  readonly #down = new Set<number>();

  constructor(ids: readonly number[]) {
    this.#up = new Set(ids);
  }

  follow(steps: readonly Step[]): void {
    for (const [i, each] of steps.entries()) this.#take(each, `steps[${i}]`);
  }

  #take(each: Step, path: string): void {
    switch (each.do) {
      case undefined:
      case "deliver":
      case "cut":
      case "heal":
        return;
      case "inject":
        return this.#require(each.message.to, `${path}.message.to`);
      case "stabilize":
        return each.ids?.forEach((core, i) => this.#require(core, `${path}.ids[${i}]`));
      case "add":
        for (const [i, core] of each.ids.entries()) {
          if (this.#up.has(core)) refuse(`${path}.ids[${i}]`, "an id that is not up", core);
          this.#down.delete(core);
          this.#up.add(core);
        }
        return;
      case "restart":
        if (!this.#down.delete(each.id)) refuse(`${path}.id`, "a core that is down", each.id);
        this.#up.add(each.id);
        return;
      case "crash":
        this.#require(each.id, `${path}.id`);
        this.#up.delete(each.id);
        this.#down.add(each.id);
        return;
      default:
        this.#require(each.id, `${path}.id`);
    }
  }

  #require(core: number, path: string): void {
    if (this.#up.has(core)) return;
    refuse(path, "a core that is up", core);
  }
}
