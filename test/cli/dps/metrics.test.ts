/** Counters for Prometheus: their text, and the listener that gives them away and nothing else. */
import { request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { processCounters, prometheusText, startMetrics, type RunningMetrics } from "../../../src/cli/dps/metrics.js";

describe("the text form", () => {
  it("has a type and a number for each name", () => {
    expect(prometheusText({ put_total: 3, chain_height: 0, odd: Infinity, even: -Infinity, none: NaN })).toBe(
      [
        "# TYPE specwire_dps_put_total counter",
        "specwire_dps_put_total 3",
        "# TYPE specwire_dps_chain_height gauge",
        "specwire_dps_chain_height 0",
        "# TYPE specwire_dps_odd gauge",
        "specwire_dps_odd +Inf",
        "# TYPE specwire_dps_even gauge",
        "specwire_dps_even -Inf",
        "# TYPE specwire_dps_none gauge",
        "specwire_dps_none NaN",
        "",
      ].join("\n"),
    );
  });

  it("leaves names out that would break it", () => {
    expect(prometheusText({ "a b": 1, "1a": 1, "a\n#": 1, "": 1, _: 1 })).toBe(
      "# TYPE specwire_dps__ gauge\nspecwire_dps__ 1\n",
    );
  });

  it("of the process tells memory, processor time and age", () => {
    const found = processCounters();
    expect(found["process_resident_memory_bytes"]).toBeGreaterThan(1e6);
    expect(found["process_cpu_seconds_total"]).toBeGreaterThan(0);
    expect(found["process_uptime_seconds"]).toBeGreaterThanOrEqual(0);
  });
});

describe("the listener", () => {
  let running: RunningMetrics | undefined;
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });

  /** One request: the status, the headers and the body of its answer. */
  async function ask(
    method: string,
    path: string,
    body = "",
  ): Promise<{ status?: number; type?: string; text: string }> {
    const { address } = running!;
    const asked = request(`http://${address}${path}`, { method, agent: false });
    asked.end(body);
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    let text = "";
    for await (const part of answer) text += String(part);
    const { statusCode: status, headers } = answer;
    return {
      ...(status !== undefined && { status }),
      ...(headers["content-type"] && { type: headers["content-type"] }),
      text,
    };
  }

  it("answers GET /metrics with the counters of that moment", async () => {
    let puts = 0;
    running = await startMetrics("127.0.0.1:0", () => ({ put_total: ++puts }));
    for (const expected of [1, 2]) {
      expect(await ask("GET", "/metrics?x=1")).toEqual({
        status: 200,
        type: "text/plain; version=0.0.4; charset=utf-8",
        text: `# TYPE specwire_dps_put_total counter\nspecwire_dps_put_total ${expected}\n`,
      });
    }
  });

  it("refuses everything else, and asks for no counters then", async () => {
    running = await startMetrics("127.0.0.1:0", () => expect.fail("asked"));
    expect(await ask("GET", "/")).toMatchObject({ status: 404, text: "" });
    expect(await ask("GET", "/metrics/")).toMatchObject({ status: 404 });
    expect(await ask("POST", "/metrics", "x")).toMatchObject({ status: 405 });
  });

  it("refuses a body beyond its limit, and closes a connection beyond the 16 that it holds", async () => {
    running = await startMetrics("127.0.0.1:0", () => ({}));
    await ask("POST", "/metrics", "x".repeat(4_096)).then(
      ({ status }) => expect(status).toBe(413),
      (error: unknown) => expect(error).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) }),
    );
    const port = Number(running.address.split(":")[1]);
    const held = Array.from({ length: 16 }, () => connect(port, "127.0.0.1"));
    await Promise.all(held.map((socket) => once(socket, "connect")));
    for (const socket of held) socket.on("error", () => {});
    const last = connect(port, "127.0.0.1");
    last.on("error", () => {});
    last.resume();
    await once(last, "close");
    // The others were not cut off as idle meanwhile.
    expect(held.filter(({ destroyed }) => !destroyed)).toHaveLength(16);
    for (const socket of held) socket.destroy();
  });

  it("is refused an address that is taken", async () => {
    running = await startMetrics("127.0.0.1:0", () => ({}));
    await expect(startMetrics(running.address, () => ({}))).rejects.toMatchObject({ code: "argument" });
  });
});
