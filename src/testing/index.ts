/** A world in one process: clock, network and disks with faults, the same every time for the same run. */
export { VirtualClock } from "./clock.js";
export { drawFaults, NO_FAULTS, type Faults } from "./faults.js";
export { Network, type Station } from "./network.js";
export { Draws, drawnEnv } from "./random.js";
export { simulate, type SimulateOptions } from "./simulate.js";
export { Simulation, type NodeOptions, type SimulatedNode, type SimulationOptions } from "./simulation.js";
