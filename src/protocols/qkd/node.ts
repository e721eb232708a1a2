/** QKD for Node.js. */
export {
  createQkdClient,
  createQkdPool,
  type CreateQkdClientOptions,
  type QkdCallOptions,
  type QkdClient,
  type QkdKeys,
  type QkdNodeEndpoint,
  type QkdPool,
  type QkdPoolOptions,
  type QkdTls,
} from "./client/node.js";
