/** What codecs of general types share: cursors, frames, texts, transforms and the operators of expressions. */
export { Instances, withInstances, type InstanceRow } from "./instance-table.js";
export {
  bitwise,
  compared,
  divided,
  exact,
  extreme,
  isSame,
  itemAt,
  modulo,
  packed,
  parsed,
  present,
  reversed,
  shifted,
  substring,
  textOf,
} from "./operators.js";
export { ByteReader, type Block } from "./reader.js";
export type { RegionRule } from "./region.js";
export { requireReadable } from "./rewriting.js";
export { attempted, Frame, NO_ARGS, putInto, Session, wireErrorOf, type Places } from "./session.js";
export { rotateBytes, xorBytes } from "./transforms.js";
export { ByteWriter } from "./writer.js";
