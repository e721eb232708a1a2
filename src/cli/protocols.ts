/** The protocols of the program, a line for each. */
export { raida } from "./raida/index.js";
export { bittrrt } from "./bittrrt/index.js";
export { rpc } from "./rpc/index.js";
export { qkd } from "./qkd/index.js";
export { dht } from "./dht/index.js";
export { chain } from "./chain/index.js";
export { raft } from "./raft/index.js";
export { store } from "./store/index.js";
export { dps } from "./dps/index.js";
