/** A thread of `node:worker_threads` for each tenant. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { handlerSource } from "../site.ts";
import { askByMessage } from "./ask-by-message.ts";
import { readSite } from "./read-site.ts";
import { serveTenants } from "./tenants-server.ts";

const ANSWERS = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", async ([id, url]) => parentPort.postMessage([id, await (await handle(url)).text()]));
`;

const { site } = readSite();
serveTenants(async (tenant) => {
  const worker = new Worker(handlerSource(site, tenant) + ANSWERS, { eval: true });
  const { ask, take } = askByMessage((message) => worker.postMessage(message));
  worker.on("message", take);
  await once(worker, "online");
  return ask;
});
