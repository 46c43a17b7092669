/** miniflare: the simulator that `wrangler dev` runs, with one worker. */
import { requirePeer } from "../peer-package.ts";
import { KV_KEY, SERVICE_SOURCE, workerSource } from "../site.ts";
import { readSite, sayPort } from "./read-site.ts";

interface Miniflare {
  readonly ready: Promise<URL>;
  getKVNamespace(binding: string): Promise<{ put(key: string, value: string): Promise<void> }>;
  dispose(): Promise<void>;
}

const { Miniflare } = requirePeer("miniflare") as { Miniflare: new (options: object) => Miniflare };
const { site, folder } = readSite();
/** The newest that the workerd of this miniflare knows. */
const DATE = "2026-08-01";
const main = {
  name: "main",
  modules: [{ type: "ESModule", path: "index.js", contents: workerSource(site, 0) }],
  compatibilityDate: DATE,
  ...(site.kind === "kv" && { kvNamespaces: { DATA: "data" } }),
  ...(site.kind === "service" && { serviceBindings: { OTHER: "other" } }),
  ...(site.kind === "outbound" && { bindings: { ORIGIN: site.originUrl } }),
};
const other = {
  name: "other",
  modules: [{ type: "ESModule", path: "index.js", contents: SERVICE_SOURCE }],
  compatibilityDate: DATE,
};
const miniflare = new Miniflare({ port: 0, kvPersist: `${folder}/kv`, workers: [main, other] });
if (site.kind === "kv") await (await miniflare.getKVNamespace("DATA")).put(KV_KEY, "value");
sayPort(Number((await miniflare.ready).port));
process.once("SIGTERM", () => void miniflare.dispose().then(() => process.exit()));
