/** Recorded port ranges and spans. */
import { parsePortRanges, PortPool, SequenceSpanSet } from "../../protocols/bittrrt/index.js";
import { isWireError } from "../../errors.js";
import type { Field } from "../field.js";
import { differences } from "../verdict.js";
import { refusalOf, valueDifferences, type Players, type PlayResult } from "./players.js";

/** Plays port ranges, and the spans in which the reference keeps them. */
export const PORT_PLAYERS: Players = {
  ports: (vector) => {
    const text = vector.get("inputs").get("port_ranges").text();
    const decoded = vector.get("decoded");
    if (!Array.isArray(decoded.value)) return refusalOf(vector, poolOf(text) === undefined, "port ranges");
    const pool = poolOf(text);
    return pool === undefined ? ["port ranges: refused"] : operate(pool, decoded.items());
  },
  sequence_span: (vector) => {
    const spans = vector.get("inputs").get("spans").items().map(spanOf);
    const output = vector.get("output_hex").bytes();
    const sorted = vector.get("decoded").get("spans_sorted").value;
    const read = SequenceSpanSet.decode(output).spans.map(({ begin, end }) => [`${begin}`, `${end}`]);
    return [
      ...differences("spans", output, new SequenceSpanSet(spans).encode()),
      ...valueDifferences("read", sorted, read),
    ];
  },
};

function spanOf(span: Field): { begin: bigint; end: bigint } {
  const [begin, end] = span.items().map((item) => item.bigint());
  if (begin === undefined || end === undefined) throw span.refuse("a begin and an end");
  return { begin, end };
}

function poolOf(text: string): PortPool | undefined {
  try {
    return new PortPool(parsePortRanges(text, "reference"), "reference");
  } catch (error) {
    if (isWireError(error)) return undefined;
    throw error;
  }
}

/** Compares the result of each operation, and the free ports after it. */
function operate(pool: PortPool, steps: readonly Field[]): PlayResult {
  return steps.flatMap((step) => {
    const op = step.get("op").text();
    const result = op === "next" ? (pool.take() ?? null) : op === "count" ? pool.freeCount : pool.release(portOf(step));
    const spans = pool.free.map(({ begin, end }) => [begin, end]);
    return [
      ...valueDifferences(op, step.get("result").value, result),
      ...valueDifferences(`${op}: spans`, step.get("spans").value, spans),
    ];
  });
}

function portOf(step: Field): number {
  const op = step.get("op");
  const [, port] = /^release (-?\d{1,10})$/.exec(op.text()) ?? [];
  if (port === undefined) throw op.refuse("next, count or release PORT");
  return Number(port);
}
