/** A module worker: runs the suite, and posts the result. */
import { adapters } from "adapters";
import { runSuite } from "./suite.js";

runSuite(adapters).then(
  (result) => postMessage(result),
  (error: unknown) => postMessage({ engines: [], count: 0, failures: [String(error)] }),
);
