/** A Skerry host that serves a site. `prepare` as first argument deploys it into the folder instead, and ends. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { createHost } from "../../../src/index.ts";
import { SERVICE_SOURCE, type Site, tenantHost, workerSource } from "../site.ts";
import { readSite, sayPort } from "./read-site.ts";
import { STARTS_FILE } from "./starts-file.ts";

/** How often starts are written: not while a request waits for one. */
const WRITE_EVERY_MS = 200;
const DEPLOYS_AT_ONCE = 4;
const { site, folder } = readSite();
const cell = process.env["BENCH_CELL"] === "in-process" ? "in-process" : "process";
const starts: string[] = [];
const host = await createHost({
  cell,
  dataFolder: folder,
  onStart: ({ claimMs, compileMs, evaluateMs }) =>
    starts.push(
      `{"claim":${claimMs * 1_000},"compile":${compileMs * 1_000},"evaluate":${evaluateMs * 1_000}}\n`,
    ),
  warm: { maxIsolates: site.warmTenants },
  // The origin of `outbound` is on loopback, where no tenant may reach by default.
  ...(site.originUrl !== "" && { egress: { allowAddresses: ["127.0.0.1/32"] } }),
});
if (process.argv[2] === "prepare") {
  await deployAll(site);
  await host.close();
} else {
  const { port } = await host.listen({ port: 0 });
  setInterval(() => appendFileSync(join(folder, STARTS_FILE), starts.splice(0).join("")), WRITE_EVERY_MS);
  sayPort(port);
  process.once("SIGTERM", () => void host.close(100).then(() => process.exit()));
}

/** Each tenant is an account of its own, as those that distrust each other are. */
async function deployAll(of: Site): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let tenant; (tenant = next++) < of.tenants;) {
      const account = `a${tenant}`;
      if (of.kind === "service") await deploy("other", account, SERVICE_SOURCE);
      await deploy(`t${tenant}`, account, workerSource(of, tenant), {
        routes: [`${tenantHost(tenant)}/*`],
        ...(of.kind === "kv" && { kvNamespaces: [{ binding: "DATA", id: "data" }] }),
        ...(of.kind === "service" && { services: [{ binding: "OTHER", service: "other" }] }),
        ...(of.kind === "outbound" && { vars: { ORIGIN: of.originUrl } }),
      });
      if (of.kind === "kv") await host.worker(`t${tenant}`, account)!.fetch("http://kv/", { method: "PUT" });
    }
  };
  await Promise.all(Array.from({ length: DEPLOYS_AT_ONCE }, lane));
}

async function deploy(name: string, account: string, source: string, more: object = {}): Promise<void> {
  const modules = [{ name: "index.js", type: "esm", content: source }] as const;
  await host.deploy({ name, account, main: "index.js", modules, ...more });
}
