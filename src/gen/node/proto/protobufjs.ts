/** The library protobufjs: a package that the build bundles into this module alone. */
import protobuf from "protobufjs";

export { protobuf };
