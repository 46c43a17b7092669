/** A Node process for each tenant, asked over its IPC channel. */
import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { handlerSource } from "../site.ts";
import { askByMessage } from "./ask-by-message.ts";
import { readSite } from "./read-site.ts";
import { serveTenants } from "./tenants-server.ts";

const ANSWERS = `
process.on("message", async ([id, url]) => process.send([id, await (await handle(url)).text()]));
process.on("disconnect", () => process.exit());
`;

const { site, folder } = readSite();
serveTenants((tenant) => {
  const file = join(folder, `tenant-${tenant}.cjs`);
  writeFileSync(file, handlerSource(site, tenant) + ANSWERS);
  const child = fork(file);
  const { ask, take } = askByMessage((message) => child.send(message));
  child.on("message", take);
  return ask;
});
