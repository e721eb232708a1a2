/** The store of keys and values as state machine. */
import { expect, test } from "vitest";
import { KvCode } from "../../../src/codec/gen/raft/index.js";
import { concatBytes } from "../../../src/bytes/index.js";
import { decodeKv, decodeKvItems, encodeKv, KvState, type KvRequest } from "../../../src/protocols/raft/kv/kv-state.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array): string => new TextDecoder().decode(value);
const key = bytes("k");

function ask(state: KvState, request: KvRequest): [code: KvCode, value: string] {
  const data = encodeKv(request);
  const { code, value } = decodeKv(state.apply({ index: 1, atMs: 0, data }));
  return [code, text(value)];
}

test("sets, compares, deletes and finds", () => {
  const state = new KvState();
  expect(ask(state, { op: "get", key })).toEqual([KvCode.missing, ""]);
  expect(ask(state, { op: "cas", key, expected: bytes("a"), value: bytes("b") })).toEqual([KvCode.missing, ""]);
  expect(ask(state, { op: "cas", key, expected: undefined, value: bytes("a") })).toEqual([KvCode.done, ""]);
  expect(ask(state, { op: "cas", key, expected: undefined, value: bytes("b") })).toEqual([KvCode.different, "a"]);
  expect(ask(state, { op: "cas", key, expected: bytes("a"), value: bytes("b") })).toEqual([KvCode.done, ""]);
  expect(ask(state, { op: "put", key, value: bytes("") })).toEqual([KvCode.done, ""]);
  // An empty value is a value.
  expect(ask(state, { op: "cas", key, expected: undefined, value: bytes("c") })).toEqual([KvCode.different, ""]);
  expect(ask(state, { op: "delete", key })).toEqual([KvCode.done, ""]);
  expect(ask(state, { op: "delete", key })).toEqual([KvCode.missing, ""]);
});

test("lists by prefix in the order of bytes, and changes nothing by a query", () => {
  const state = new KvState();
  for (const name of ["b", "ab", "a", "é", "aa"]) ask(state, { op: "put", key: bytes(name), value: bytes("v") });
  const { value } = decodeKv(state.query(encodeKv({ op: "list", key: bytes("a") })));
  expect(decodeKvItems(value).map((item) => text(item.key))).toEqual(["a", "aa", "ab"]);
  expect(decodeKv(state.query(encodeKv({ op: "put", key, value: bytes("v") }))).code).toBe(KvCode.refused);
  expect(decodeKv(state.query(Uint8Array.of(9))).code).toBe(KvCode.refused);
  expect(state.size).toBe(5);
});

test.each([1, 10, 65_536])("takes a snapshot of one moment in parts of %i bytes", (step) => {
  const state = new KvState();
  for (let i = 0; i < 20; i++) ask(state, { op: "put", key: bytes(`k${i}`), value: bytes(`v${i}`) });
  const source = state.snapshot();
  const parts: Uint8Array[] = [];
  for (let part = source.next(step); part !== undefined; part = source.next(step)) {
    parts.push(part);
    // What comes meanwhile is not in it.
    ask(state, { op: "put", key: bytes("k3"), value: bytes("changed") });
    ask(state, { op: "delete", key: bytes("k19") });
  }
  const copy = new KvState();
  const sink = copy.restore();
  for (const part of parts) sink.write(part);
  sink.finish()();
  expect(copy.size).toBe(20);
  for (let i = 0; i < 20; i++) expect(ask(copy, { op: "get", key: bytes(`k${i}`) })).toEqual([KvCode.done, `v${i}`]);
  expect(() => {
    const short = new KvState().restore();
    short.write(concatBytes(...parts).slice(0, -1));
    short.finish();
  }).toThrowError(expect.objectContaining({ code: "short" }));
});
