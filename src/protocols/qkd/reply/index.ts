/** Replies of KMEs, read from their bytes. */
export type { AllocateKey } from "./base64.js";
export { isJsonObject, parseErrorBody, type ErrorBody } from "./error-body.js";
export {
  isKeyId,
  KEY_ID_CHARACTERS_MAX,
  parseKeyContainer,
  wipeKeys,
  type DeliveredKey,
  type KeyContainerLimits,
} from "./key-container.js";
export { parseStatus, type KmeStatus } from "./status.js";
