/** Round trips to development KMEs over mutual TLS: our client against bare `node:https` on the same servers. */
import { Agent, request } from "node:https";
import { createQkdClient } from "specwire/qkd/node";
import { INPUTS } from "../lib/cell.mjs";
import { closeKmes, openKmes } from "./kmes.mjs";

export const cells = [
  statusCell("status, one at a time", 1),
  statusCell("status, 8 in flight", 8),
  keysCell("1 key to both sides, one at a time", 1, 1),
  keysCell("1 key to both sides, 8 in flight", 1, 8),
  keysCell("128 keys to both sides, one at a time", 128, 1),
];

const SIZE_BITS = 256;
const POOL = 10;

/** What a KME says of a peer. */
function statusCell(name, inFlight) {
  return cellOf(name, inFlight, {
    ours: ([alice]) => alice.status("bob").then(({ keySizeBits }) => keySizeBits),
    bare: ([alice]) => alice("GET", "/api/v1/keys/bob/status").then(({ key_size }) => key_size),
  });
}

/** New keys for the one, and the same keys for the other. */
function keysCell(name, number, inFlight) {
  return cellOf(name, inFlight, {
    ours: async ([alice, bob]) => {
      const given = await alice.encKeys("bob", { number, sizeBits: SIZE_BITS });
      const fetched = await bob.decKeys(
        "alice",
        given.keys.map(({ keyId }) => keyId),
      );
      return sameKeys(
        given.keys.map((key) => key.take()),
        fetched.keys.map((key) => key.take()),
      );
    },
    bare: async ([alice, bob]) => {
      const given = await alice("POST", "/api/v1/keys/bob/enc_keys", { number, size: SIZE_BITS });
      const key_IDs = given.keys.map(({ key_ID }) => ({ key_ID }));
      const fetched = await bob("POST", "/api/v1/keys/alice/dec_keys", { key_IDs });
      const bytesOf = ({ keys }) => keys.map(({ key }) => Buffer.from(key, "base64"));
      return sameKeys(bytesOf(given), bytesOf(fetched));
    },
  });
}

function sameKeys(given, fetched) {
  return given.map((bytes, i) => (Buffer.compare(bytes, fetched[i]) === 0 ? bytes.length : -1));
}

function cellOf(name, inFlight, { ours, bare }) {
  const inputs = Array.from({ length: INPUTS }, (_, i) => i);
  const session = async (makeClient, work) => {
    const { urls, tls } = await openKmes();
    const clients = urls.map((url, i) => makeClient(url, tls[i], i));
    return {
      exchange: async (_, done) => done(await work(clients)),
      close: async () => {
        await Promise.all(clients.map((client) => client.close()));
        await closeKmes();
      },
    };
  };
  return {
    name,
    inFlight,
    inputs,
    plain: (output) => output,
    candidates: [
      { name: "createQkdClient", ours: true, open: () => session(ourClient, ours) },
      { name: "node:https", open: () => session(bareClient, bare) },
    ],
  };
}

function ourClient(url, tls, i) {
  const options = { kme: { appends: true }, undelivered: "ignore", poolMaxSize: POOL, poolConnections: POOL };
  return createQkdClient({ saeId: ["alice", "bob"][i], endpoints: [{ url }], tls, ...options });
}

/** Requests by an agent that keeps as many connections. */
function bareClient(url, tls) {
  const agent = new Agent({ ...tls, keepAlive: true, maxSockets: POOL, maxFreeSockets: POOL });
  const ask = (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { "content-type": "application/json" };
      const sent = request(url + path, { agent, method, headers }, (response) => {
        const parts = [];
        response.on("data", (part) => parts.push(part));
        response.on("end", () => resolve(JSON.parse(Buffer.concat(parts).toString())));
      });
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return Object.assign(ask, { close: () => agent.destroy() });
}
