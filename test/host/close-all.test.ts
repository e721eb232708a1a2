/** Closing several things, of which one fails: the others are closed, and the first failure is told. */
import { describe, expect, it } from "vitest";
import { closeAll, orClose } from "../../src/host/close-all.js";

const failing = (name: string) => () => Promise.reject(new Error(name));

describe("closing", () => {
  it("goes on behind a failure, in order, and tells the first", async () => {
    const closed: string[] = [];
    const close = (name: string) => async () => void closed.push(name);
    await expect(closeAll(close("a"), failing("b"), close("c"), failing("d"))).rejects.toThrow("b");
    expect(closed).toEqual(["a", "c"]);
    const sync = (): never => {
      throw new Error("at once");
    };
    await expect(closeAll(sync, () => undefined, close("e"))).rejects.toThrow("at once");
    expect(closed).toEqual(["a", "c", "e"]);
  });

  it("after a failure tells that, whatever closing comes to", async () => {
    let isClosed = false;
    const close = async (): Promise<void> => void (isClosed = true);
    await expect(orClose(failing("action"), failing("close"), close)).rejects.toThrow("action");
    expect(isClosed).toBe(true);
    expect(await orClose(async () => 5, failing("close"))).toBe(5);
  });
});
