/** One server in a process of its own: `call-server.mjs rpc|echo|grpc FRAMING` tells its port and ends with its parent. */
import { createServer } from "node:net";
import { Command } from "specwire/rpc";
import { startRpcServer } from "specwire/rpc/node";
import { grpc } from "../rivals/optional.mjs";
import { ECHO_METHOD, FrameCutter, frameOf } from "./echo.mjs";

const [kind, framing] = process.argv.slice(2);
const port = await { rpc: startPeer, echo: startEcho, grpc: startGrpc }[kind]();
process.on("disconnect", () => process.exit());
process.send(port);

async function startPeer() {
  const answer = ({ message }) => ({ command: Command.VALUE, value: message.value });
  const { address } = await startRpcServer({ framing, handlers: { [Command.GET]: answer } });
  return Number(address.split(":").at(-1));
}

async function startEcho() {
  const server = createServer({ noDelay: true }, (socket) => {
    const cutter = new FrameCutter(framing, (message) => socket.write(frameOf(framing, message)));
    socket.on("error", () => {});
    socket.on("data", (chunk) => cutter.push(chunk));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server.address().port;
}

async function startGrpc() {
  const server = new grpc.Server();
  server.addService({ echo: ECHO_METHOD }, { echo: ({ request }, done) => done(null, request) });
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, chosen) =>
      error ? reject(error) : resolve(chosen),
    );
  });
}
