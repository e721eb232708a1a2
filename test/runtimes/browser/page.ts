/** A page: runs the suite itself, or in a module worker where its address ends in `#worker`. Prints the result. */
import { adapters } from "adapters";
import { runSuite } from "./suite.js";

const print = (result: unknown) => console.log(JSON.stringify(result));
const failed = (error: unknown) => print({ engines: [], count: 0, failures: [String(error)] });

if (location.hash === "#worker") {
  const worker = new Worker("worker.js", { type: "module" });
  worker.addEventListener("message", ({ data }) => print(data));
  worker.addEventListener("error", ({ message }) => failed(`the worker: ${message}`));
} else runSuite(adapters).then(print, failed);
