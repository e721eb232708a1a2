/** The codecs, machines and recordings of QKD, for the commands of all protocols. */
import { qkdRecordings } from "../../conformance/qkd/index.js";
import type { MakeKmeCertificates } from "../../protocols/qkd/kme/credentials.js";

export * as codecs from "../../codec/gen/qkd/index.js";
export { QKD_MACHINES as machines } from "../../protocols/qkd/index.js";

/** Makes certificates by a library that no other command waits for. */
const makeCertificates: MakeKmeCertificates = async (options) => {
  const { makeKmeCertificates } = await import("./kme-certificates.js");
  return makeKmeCertificates(options);
};

export const recordings = qkdRecordings(makeCertificates);
