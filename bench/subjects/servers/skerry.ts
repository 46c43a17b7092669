/** A Skerry host that serves a site. `prepare` as first argument deploys it into the folder instead, and ends. */
import { createHost, type WorkerUpload } from "../../../src/index.ts";
import { SERVICE_SOURCE, type Site, tenantHost, workerSource } from "../site.ts";
import { answerSource, versionAnswer } from "../version-answer.ts";
import { readSite } from "./read-site.ts";
import { serveHost } from "./serve-host.ts";
import { dropCaches, waitForCaches } from "./code-caches.ts";

const DEPLOYS_AT_ONCE = 4;
const WARM_WHILE_PREPARING = 64;
/** How often a deploy is tried on a machine that stands still while it waits for its turn. */
const TRIES = 5;
/** How long making code caches may take, in ms. */
const CACHES_MS = 120_000;
const { site, folder } = readSite();
const cell = process.env["BENCH_CELL"] === "in-process" ? "in-process" : "process";
const isPreparing = process.argv[2] === "prepare";
const host = await createHost({
  cell,
  dataFolder: folder,
  // What deploying leaves warm is of no use to anybody.
  warm: { maxIsolates: isPreparing ? Math.min(site.warmTenants, WARM_WHILE_PREPARING) : site.warmTenants },
  // The origin of `outbound` is on loopback, where no tenant may reach by default.
  ...(site.originUrl !== "" && { egress: { allowAddresses: ["127.0.0.1/32"] } }),
});
if (isPreparing) {
  await deployAll(site);
  if (site.asksBefore > 0 && !(await waitForCaches(folder, site.tenants, CACHES_MS)))
    throw new Error(`not all of ${site.tenants} code caches were made within ${CACHES_MS} ms`);
  await host.close();
  if (!site.keepsCodeCaches) await dropCaches(folder);
} else {
  await serveHost(host, site, {
    deploy: async (query) => {
      const tenant = Number(query.get("tenant"));
      const answer = versionAnswer(tenant, Number(query.get("version")));
      // A deploy that is measured is tried once: a second try would be a part of its time.
      const more = { routes: [`${tenantHost(tenant)}/*`] };
      await host.deploy(upload(`t${tenant}`, `a${tenant}`, answerSource(answer), more));
    },
  });
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
      for (let asked = 0; asked < of.asksBefore; asked++)
        await host.worker(`t${tenant}`, account)!.fetch("http://before/");
      if (of.kind === "kv") await host.worker(`t${tenant}`, account)!.fetch("http://kv/", { method: "PUT" });
    }
  };
  await Promise.all(Array.from({ length: DEPLOYS_AT_ONCE }, lane));
}

async function deploy(name: string, account: string, source: string, more: object = {}): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return void (await host.deploy(upload(name, account, source, more)));
    } catch (error) {
      if (tried === TRIES) throw error;
    }
  }
}

function upload(name: string, account: string, source: string, more: object): WorkerUpload {
  return {
    name,
    account,
    main: "index.js",
    modules: [{ name: "index.js", type: "esm", content: source }],
    ...more,
  };
}
