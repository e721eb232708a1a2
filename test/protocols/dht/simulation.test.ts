/** Networks of the DHT through an hour of coming and going, honest and with liars. */
import { describe, expect, test } from "vitest";
import { simulate } from "../../../src/testing/index.js";
import { scaled } from "../../support/scale.js";
import { newWeather, play, type Climate, type Weather } from "./climate.js";
import { playDay } from "./day.js";

const file = import.meta.url;
const RUNS = scaled(1, 4);
/** In `SPECWIRE_DHT_SERVERS=1000 npm run simulate`, so many. */
const SERVERS = Number(process.env["SPECWIRE_DHT_SERVERS"] ?? 60);
const TIMEOUT_MS = 24 * 3_600_000;

const HONEST: Climate = { servers: SERVERS, churn: 0.2, liars: 0, isLossy: true, options: { k: 8 } };
const LYING: Climate = { ...HONEST, liars: 0.1, hidden: 0.1 };

/** Plays a climate, and adds up what its runs have come to. */
async function summed(name: string, climate: Climate): Promise<Weather> {
  const sum = newWeather();
  await simulate(name, { runs: RUNS, file }, ({ run }) => {
    const weather = play(run, climate);
    for (const key of Object.keys(sum) as (keyof Weather)[]) sum[key] += weather[key];
  });
  return sum;
}

describe("an hour in which a fifth goes and comes", () => {
  test("among honest servers loses no value and finds the true nearest", { timeout: TIMEOUT_MS }, async () => {
    const { found, sought, right, nearest, rpcs, idealRpcs, storm } = await summed(
      "among honest servers loses no value and finds the true nearest",
      HONEST,
    );
    expect(sought).toBeGreaterThan(0);
    expect(found / sought).toBeGreaterThanOrEqual(0.99);
    expect(right / nearest).toBeGreaterThanOrEqual(0.99);
    expect(rpcs / idealRpcs).toBeLessThanOrEqual(1.15);
    expect(storm / RUNS).toBeLessThanOrEqual(3);
  });

  test("with liars of every kind finds nine values of ten", { timeout: TIMEOUT_MS }, async () => {
    const { found, sought } = await summed("with liars of every kind finds nine values of ten", LYING);
    expect(sought).toBeGreaterThan(0);
    expect(found / sought).toBeGreaterThanOrEqual(0.9);
  });

  test("with liars and three paths finds nineteen of twenty", { timeout: TIMEOUT_MS }, async () => {
    const { found, sought } = await summed("with liars and three paths finds nineteen of twenty", {
      ...LYING,
      options: { k: 8, paths: 3 },
    });
    expect(sought).toBeGreaterThan(0);
    expect(found / sought).toBeGreaterThanOrEqual(0.95);
  });
});

describe("a day in which a fifth goes and comes in each hour", () => {
  test(
    "loses no value that a living server holds, and shows none that has expired",
    { timeout: TIMEOUT_MS },
    async () => {
      let sought = 0;
      const name = "loses no value that a living server holds, and shows none that has expired";
      await simulate(name, { runs: RUNS, file }, ({ run }) => {
        sought += playDay(run, { servers: scaled(20, 40), churn: 0.2 });
      });
      expect(sought).toBeGreaterThan(0);
    },
  );
});
