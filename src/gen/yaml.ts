/** The reader of YAML: a package that the build bundles into this module alone. */
export { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
