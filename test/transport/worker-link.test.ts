/** Links of workers, as their owner sees them. */
import { describe, expect, it } from "vitest";
import type { WireIssue } from "../../src/errors.js";
import { RecordKind, RecordReader, RecordWriter } from "../../src/transport/workers/records.js";
import { WorkerLink } from "../../src/transport/workers/worker-link.js";
import { Pipe } from "./pipe.js";
import { LinkSpy } from "./spies.js";

const GONE: WireIssue = { code: "closed", format: "workers", path: "p" };

const turn = () => new Promise(setImmediate);

/** A link, its spy, and the kinds of the records that its worker gets. */
function makeLink() {
  const pipe = new Pipe();
  const link = new WorkerLink(7, "127.0.0.1:1", new RecordWriter(pipe.socket));
  const spy = new LinkSpy();
  link.handler = spy;
  const said = async () => {
    await turn();
    const kinds: number[] = [];
    const reader = new RecordReader((kind, id) => kinds.push(id === 7 ? kind : -1));
    for (const write of pipe.writes.splice(0)) reader.read(write);
    return kinds;
  };
  return { link, spy, said };
}

/** Passes bytes to a link and overwrites them afterwards. */
function tell(link: WorkerLink, ...values: number[]) {
  const bytes = Uint8Array.from(values);
  link.bytes(bytes);
  bytes.fill(0xdb);
}

describe("a link that a worker has", () => {
  it("holds events that arrive while it is paused, in order, until it is resumed", async () => {
    const { link, spy, said } = makeLink();
    tell(link, 1);
    link.pause();
    link.pause();
    tell(link, 2, 3);
    tell(link, 4);
    link.ended();
    link.closed(GONE);
    await turn();
    expect([spy.log, [...spy.received]]).toEqual([["bytes"], [1]]);
    link.resume();
    expect(spy.log).toEqual(["bytes"]);
    await turn();
    expect([spy.log, [...spy.received]]).toEqual([
      ["bytes", "ended", "closed"],
      [1, 2, 3, 4],
    ]);
    expect(spy.error).toBe(GONE);
    expect(await said()).toEqual([RecordKind.pause]);
  });

  it("can be paused again between held events", async () => {
    const { link, spy, said } = makeLink();
    link.pause();
    for (const value of [1, 2, 3]) tell(link, value);
    const take = spy.bytes.bind(spy);
    spy.bytes = (bytes) => {
      take(bytes);
      link.pause();
    };
    for (let count = 1; count <= 3; count++) {
      link.resume();
      await turn();
      expect(spy.received.length).toBe(count);
      // Later bytes wait behind the held ones.
      if (count === 1) tell(link, 4);
    }
    link.resume();
    await turn();
    expect([...spy.received]).toEqual([1, 2, 3, 4]);
    expect(await said()).toHaveLength(9);
  });

  it.each(["shut", "abort"] as const)("passes on `closed` alone after %s", async (how) => {
    const { link, spy, said } = makeLink();
    link.pause();
    tell(link, 1);
    link[how]();
    tell(link, 2);
    link.ended();
    link.write(Uint8Array.of(1));
    link.resume();
    await turn();
    expect(spy.log).toEqual([]);
    link.closed();
    expect([spy.log, spy.error]).toEqual([["closed"], undefined]);
    link[how]();
    expect(await said()).toEqual([RecordKind.pause, RecordKind[how]]);
  });

  it.each(["shut", "abort"] as const)(
    "passes on a `closed` that it held after %s, not before that returns",
    async (how) => {
      const { link, spy, said } = makeLink();
      link.pause();
      tell(link, 1);
      link.closed(GONE);
      link[how]();
      link[how]();
      expect(spy.log).toEqual([]);
      await turn();
      expect([spy.log, spy.error]).toEqual([["closed"], GONE]);
      expect(await said()).toEqual([RecordKind.pause]);
    },
  );

  it("counts written bytes until the worker has sent them", async () => {
    const { link, spy, said } = makeLink();
    link.write(new Uint8Array(100_000));
    link.write(new Uint8Array(0));
    expect(link.queuedBytes).toBe(100_000);
    expect(await said()).toEqual([RecordKind.bytes, RecordKind.bytes]);
    link.sent(60_000);
    expect([link.queuedBytes, spy.log]).toEqual([40_000, []]);
    link.sent(40_000);
    expect([link.queuedBytes, spy.log]).toEqual([0, ["drained"]]);
    link.write(new Uint8Array(5));
    link.closed(GONE);
    expect(link.queuedBytes).toBe(0);
  });
});
