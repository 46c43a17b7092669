/** A thread of `node:worker_threads` for each tenant. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { handlerSource } from "../site.ts";
import { readSite } from "./read-site.ts";
import { serveTenants } from "./tenants-server.ts";

const ANSWERS = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", async ([id, url]) => parentPort.postMessage([id, await (await handle(url)).text()]));
`;

const { site } = readSite();
serveTenants(async (tenant) => {
  const worker = new Worker(handlerSource(site, tenant) + ANSWERS, { eval: true });
  const waiting = new Map<number, (body: string) => void>();
  let last = 0;
  worker.on("message", ([id, body]: [number, string]) => {
    waiting.get(id)?.(body);
    waiting.delete(id);
  });
  await once(worker, "online");
  return async (url) =>
    await new Promise((resolve) => {
      waiting.set(++last, resolve);
      worker.postMessage([last, url]);
    });
});
