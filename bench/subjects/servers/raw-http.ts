/** node:http that answers at once, with nothing in between: what no runtime on Node can be faster than. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answerOf } from "../site.ts";
import { sayPort } from "./read-site.ts";

const body = answerOf("hello", 0);
const head = { "content-type": "text/plain", "content-length": Buffer.byteLength(body) };
const server = createServer((_, response) => {
  response.writeHead(200, head).end(body);
});
server.listen(0, "127.0.0.1", 1_024, () => sayPort((server.address() as AddressInfo).port));
