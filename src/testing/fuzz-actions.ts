/** What happens to a machine under a fuzzer, drawn in advance as data so that it can be shortened. */
import { toHex } from "../bytes/index.js";
import type { HttpRequest, HttpResponse, IncomingHttpRequest } from "../http.js";
import { drawSeed, mutateBytes, type Seeds } from "./mutations.js";
import type { Random } from "./random.js";

/** One thing that happens. `pick` chooses among the links, calls or operations that are open then. */
export type FuzzAction<Request> =
  | { readonly do: "open"; readonly peer: string }
  | { readonly do: "bytes"; readonly pick: number; readonly bytes: Uint8Array }
  | { readonly do: "datagram"; readonly pick: number; readonly peer: string; readonly bytes: Uint8Array }
  /** What the machine has sent comes back: as the reply to it, as it is, or changed. */
  | { readonly do: "reply"; readonly pick: number }
  | { readonly do: "call"; readonly request: Request; readonly timeoutMs: number | undefined }
  | { readonly do: "accept" | "refuse" | "end" | "close" | "drain" | "cancel"; readonly pick: number }
  | { readonly do: "answer" | "fail"; readonly of: "disk" | "bind"; readonly count: number }
  /** A request of the machine begins to leave; is answered, whole or changed; or fails. */
  | { readonly do: "http sent" | "http answer" | "http failure"; readonly pick: number }
  | { readonly do: "http request"; readonly peer: string; readonly request: IncomingHttpRequest }
  | { readonly do: "http client gone"; readonly pick: number }
  | { readonly do: "advance"; readonly ms: number };

/** What actions are drawn from. */
export interface FuzzSources<Request> {
  /** Requests of callers, valid and odd ones. */
  readonly requests?: readonly Request[] | ((random: Random) => Request);
  /** What peers send over links: whole messages, which arrive in any pieces, half of them changed. */
  readonly streams?: Seeds;
  /** What peers send as datagrams, half of them changed. */
  readonly datagrams?: Seeds;
  /** What servers answer to HTTP requests of the machine; half of the bodies arrive changed. Default: nothing. */
  readonly answer?: (request: HttpRequest, random: Random) => HttpResponse;
  /** What clients ask by HTTP. */
  readonly httpRequests?: readonly IncomingHttpRequest[];
  /** Addresses of peers. Default: three. */
  readonly peers?: readonly string[];
}

const PEERS = ["10.0.0.1:4001", "10.0.0.2:4002", "192.168.7.3:4003"];
const TIMEOUTS_MS = [undefined, 0, 1, 50, 1_000, 30_000, Number.NaN, -1];
const JUMPS_MS = [0, 1, 10, 100, 1_000, 10_000, 60_000, 400_000];
const SHORT_JUMPS_MS = JUMPS_MS.slice(0, 5);
const PIECES_MAX = 4;
/** All that waits is answered. */
const PROMPT = [
  { do: "accept", pick: 0 },
  { do: "answer", of: "disk", count: 1_000 },
  { do: "answer", of: "bind", count: 1_000 },
] as const;

/** The actions of a run, about `count` of them; four times as many where everything answers at once. */
export function drawActions<Request>(
  sources: FuzzSources<Request>,
  count: number,
  random: Random,
): readonly FuzzAction<Request>[] {
  const { requests = [], streams, datagrams, peers = PEERS } = sources;
  // In half of the runs everything answers at once and little time passes: they get far. The others are rough.
  const isPrompt = random.chance(0.5);
  const draws: (() => FuzzAction<Request>[])[] = [
    () => [{ do: "reply", pick: random.u32() }],
    () => [{ do: random.chance(0.8) ? "accept" : "refuse", pick: random.u32() }],
    () => [{ do: random.pick(["end", "close", "drain", "cancel"]), pick: random.u32() }],
    () => [
      { do: random.chance(0.8) ? "answer" : "fail", of: random.pick(["disk", "bind"]), count: random.between(1, 8) },
    ],
    () => [{ do: "advance", ms: random.pick(isPrompt ? SHORT_JUMPS_MS : JUMPS_MS) }],
  ];
  if (streams !== undefined) {
    draws.push(
      () => [{ do: "open", peer: random.pick(peers) }],
      ...Array.from({ length: 3 }, () => () => piecesOf(messageOf(streams, random), random)),
    );
  }
  if (datagrams !== undefined) {
    const draw = (): FuzzAction<Request>[] => [
      { do: "datagram", pick: random.u32(), peer: random.pick(peers), bytes: messageOf(datagrams, random) },
    ];
    draws.push(draw, draw);
  }
  if (typeof requests === "function" || requests.length > 0) {
    const draw = (): FuzzAction<Request>[] => {
      const request = typeof requests === "function" ? requests(random) : random.pick(requests);
      return [{ do: "call", request, timeoutMs: random.pick(TIMEOUTS_MS) }];
    };
    draws.push(draw, draw);
  }
  const { answer, httpRequests } = sources;
  if (answer !== undefined) {
    const what = ["http sent", "http answer", "http answer", "http failure"] as const;
    const draw = (): FuzzAction<Request>[] => [{ do: random.pick(what), pick: random.u32() }];
    draws.push(draw, draw);
  }
  if (httpRequests !== undefined) {
    draws.push(
      () => [{ do: "http request", peer: random.pick(peers), request: httpRequestOf(httpRequests, random) }],
      () => [{ do: "http client gone", pick: random.u32() }],
    );
  }
  const prompt: readonly FuzzAction<Request>[] =
    answer === undefined ? PROMPT : [...PROMPT, { do: "http answer", pick: 0 }];
  const actions: FuzzAction<Request>[] = [];
  for (const most = isPrompt ? 4 * count : count; actions.length < most;) {
    actions.push(...random.pick(draws)());
    if (isPrompt) actions.push(...prompt);
  }
  return actions;
}

function messageOf(seeds: Seeds, random: Random): Uint8Array {
  return random.chance(0.5) ? drawSeed(seeds, random) : mutateBytes(seeds, random);
}

function httpRequestOf(requests: readonly IncomingHttpRequest[], random: Random): IncomingHttpRequest {
  const request = random.pick(requests);
  return random.chance(0.5) ? request : { ...request, body: mutateBytes([request.body], random) };
}

/** A message over one link, cut at drawn places. */
function piecesOf(message: Uint8Array, random: Random): { do: "bytes"; pick: number; bytes: Uint8Array }[] {
  const pick = random.u32();
  const cuts = Array.from({ length: random.below(PIECES_MAX) }, () => random.below(message.length + 1));
  const places = [0, ...cuts.sort((a, b) => a - b), message.length];
  return places.slice(1).map((end, i) => ({ do: "bytes", pick, bytes: message.slice(places[i], end) }));
}

/** An action in a line. */
export function describeAction(action: FuzzAction<unknown>): string {
  const { do: kind, ...rest } = action;
  const fields = Object.entries(rest).map(([name, value]) => `${name} ${describeField(value)}`);
  return `${kind} ${fields.join(", ")}`;
}

function describeField(value: unknown): string {
  if (value instanceof Uint8Array) return value.length === 0 ? "none" : toHex(value);
  const text = JSON.stringify(value, (_, inner: unknown) => {
    if (inner instanceof Uint8Array) return toHex(inner);
    return typeof inner === "bigint" ? `${inner}n` : inner;
  });
  return Number.isNaN(value) ? "NaN" : (text ?? "undefined");
}
