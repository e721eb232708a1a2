/** Scripts of machines: how they are read, played, compared and rewritten. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Effect, Event, Machine } from "../../src/machine/index.js";
import { checkScript, playScript, ScriptError } from "../../src/testing/index.js";
import { EchoClient } from "../machine/echo.js";

const SCRIPTS = new URL("../machine/scripts/", import.meta.url);

/** Emits every event as it sees it. */
class Mirror implements Machine<unknown, never, unknown> {
  step(event: Event<unknown>, nowMs: number, out: Effect<never, unknown>[]): void {
    out.push({ type: "emit", event: structuredClone({ ...event, nowMs }) });
  }
  nextWakeMs(): number {
    return Infinity;
  }
}

const mirrored = (line: string): string =>
  playScript(line, () => new Mirror())
    .split("\n")
    .at(-1)!;

describe("a script", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("of the echo client is what the client does", () => {
    checkScript(new URL("echo.script", SCRIPTS), () => new EchoClient(6));
  });

  it.each([
    ["> opened link=1 peer=10.0.0.1:80", '{"type":"opened","link":1,"peer":"10.0.0.1:80","nowMs":0}'],
    ["> bytes link=1 bytes=00ff", '{"type":"bytes","link":1,"bytes":{"$hex":"00ff"},"nowMs":0}'],
    [
      '> datagram peer="[::1]:80" bytes= local=a:1',
      '{"type":"datagram","peer":"[::1]:80","bytes":{"$hex":""},"local":"a:1","nowMs":0}',
    ],
    ['> listed op=1 keys=["a b","c]"]', '{"type":"listed","op":1,"keys":["a b","c]"],"nowMs":0}'],
    ['> bound op=1 local="a b"', '{"type":"bound","op":1,"local":"a b","nowMs":0}'],
    ["> loaded op=1 bytes=none size=0", '{"type":"loaded","op":1,"size":0,"nowMs":0}'],
    ["+ 5\n> stop", '{"type":"stop","nowMs":5}'],
    [
      '$n = 0a\n> call id=1 request={"a":"$n","b":1} deadlineMs=5',
      '{"type":"call","deadlineMs":5,"id":1,"request":{"a":{"$hex":"0a"},"b":1},"nowMs":0}',
    ],
    [
      "> call id=1 request=hello",
      '{"type":"call","deadlineMs":{"$number":"Infinity"},"id":1,"request":"hello","nowMs":0}',
    ],
  ])("gives %s to the machine", (line, event) => {
    expect(mirrored(line)).toBe(`< emit event=${event}`);
  });

  it.each([
    ["hello", "line 1: expected >, +, $ or #: hello"],
    ["\n> opened link=1", "line 2: expected peer of type string in the event opened: > opened link=1"],
    ["> none", /^line 1: expected an event of type opened, /],
    ["> bytes link=1 bytes=$n", "line 1: expected the name of bytes, got $n: > bytes link=1 bytes=$n"],
    ["> bytes link=1 bytes=0", /^line 1: /],
    ["> opened link", "line 1: expected name=value: > opened link"],
    ["> call id=1 request={", /^line 1: /],
    ["+ x", "line 1: expected a time: + x"],
    ["$1 = 00", "line 1: expected a name: $1 = 00"],
  ])("with %j is refused at its line", (text, message) => {
    expect(() => playScript(text, () => new Mirror())).toThrow(ScriptError);
    expect(() => playScript(text, () => new Mirror())).toThrow(message);
  });

  it("drops what it said before, keeps comments, and plays to itself", () => {
    const script = "# one\n> stop\n< log old\n@ 5\n\n# two";
    const played = playScript(script, () => new Mirror());
    expect(played).toBe('# one\n> stop\n< emit event={"type":"stop","nowMs":0}\n\n# two');
    expect(playScript(played, () => new Mirror())).toBe(played);
  });

  it("writes words so that they are read as what they were", () => {
    class Emits extends Mirror {
      override step(_: Event<unknown>, _nowMs: number, out: Effect<never, unknown>[]): void {
        for (const event of ["a.b:1", "[::1]:1", "7", "true", "", "a b", 7, Infinity, null])
          out.push({ type: "emit", event });
      }
    }
    const words = playScript("> stop", () => new Emits())
      .split("\n")
      .slice(1);
    expect(words.map((line) => line.replace("< emit event=", ""))).toEqual([
      "a.b:1",
      '"[::1]:1"',
      '"7"',
      '"true"',
      '""',
      '"a b"',
      "7",
      "Infinity",
      "null",
    ]);
  });

  it("shows the fault of a machine as its guard does", () => {
    class Broken extends Mirror {
      override step(): void {
        throw new TypeError("no");
      }
    }
    const played = playScript("> opened link=1 peer=a:1\n> call id=1 request=a", () => new Broken());
    expect(played).toContain('< log level=error message="the machine faulted and is out of service"');
    expect(played).toMatch(/< settle id=1 error=.*"code":"fault"/);
  });

  it("that differs names the line, and is rewritten on demand", () => {
    const folder = mkdtempSync(join(tmpdir(), "script-"));
    const file = join(folder, "a.script");
    writeFileSync(file, "> stop\n< emit event=old\n");
    vi.stubEnv("SPECWIRE_REWRITE", undefined);
    const check = (): void => checkScript(file, () => new Mirror());
    expect(check).toThrow(`${file}:2: expected < emit event=old, got < emit event={"type":"stop","nowMs":0}`);
    vi.stubEnv("SPECWIRE_REWRITE", "1");
    check();
    vi.stubEnv("SPECWIRE_REWRITE", undefined);
    check();
    expect(readFileSync(file, "utf8")).toBe('> stop\n< emit event={"type":"stop","nowMs":0}\n');
    rmSync(folder, { recursive: true });
  });
});
