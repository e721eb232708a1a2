/** Random shares, by which servers do not do the same at the same time. */
import type { Env } from "../../../machine/index.js";

/** A number from 0 to below 1. */
export function unit(env: Env): number {
  const [high, low] = env.random(2);
  return (high! * 256 + low!) / 65_536;
}
