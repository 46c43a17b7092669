import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Entry of a server without any Skerry in it, which computes what the victim computes, in a process of its own: what it
 * suffers beside the noise is what the machine and its scheduler do to every process.
 */
const server = createServer({ noDelay: true }, (_request, response) => {
  const n = 1;
  let sum = 0;
  for (let i = 0; i < 1_000; i++) sum += i * n;
  response.end(`well ${sum}`);
});
server.listen(0, "127.0.0.1", () => process.send!((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit(0));
