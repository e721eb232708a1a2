/**
 * Runs steps side by side, as far as a machine has room: no step of a check keeps all its cores busy all the time.
 *
 * @typedef {object} Step
 * @property {number} [cores] how many it keeps busy; by default one
 * @property {readonly string[]} [after] steps that must have ended before it begins, whatever their outcome
 */

/**
 * Calls `run` for every step, and begins with those that stand first. A step that needs more than there is runs alone.
 * @template {Step} S @template O
 * @param {Readonly<Record<string, S>>} steps by name; names in `after` that are not among them count as ended
 * @param {number} cores that steps at the same time may keep busy
 * @param {(name: string, step: S) => Promise<O>} run
 * @returns {Promise<O[]>} the outcomes, in the order of the steps
 * @throws {Error} if steps wait for each other
 */
export async function runSteps(steps, cores, run) {
  const waiting = new Map(Object.entries(steps));
  const running = new Map();
  const outcomes = new Map();
  const isOver = (name) => !waiting.has(name) && !running.has(name);
  const busy = () => [...running.values()].reduce((sum, { step }) => sum + coresOf(step), 0);
  for (;;) {
    for (const [name, step] of waiting) {
      const isReady = (step.after ?? []).every(isOver);
      const hasRoom = running.size === 0 || busy() + coresOf(step) <= cores;
      if (!isReady || !hasRoom) continue;
      waiting.delete(name);
      running.set(name, { step, ended: end(name, run(name, step)) });
    }
    if (running.size === 0) break;
    await Promise.race([...running.values()].map(({ ended }) => ended));
  }
  if (waiting.size > 0) throw new Error(`these steps wait for each other: ${[...waiting.keys()].join(", ")}`);
  return Object.keys(steps).map((name) => outcomes.get(name));

  async function end(name, outcome) {
    outcomes.set(name, await outcome);
    running.delete(name);
  }
}

function coresOf({ cores = 1 }) {
  return cores;
}
