/** miniflare: the simulator that `wrangler dev` runs, with one worker. */
import { requirePeer } from "../peer-package.ts";
import { KV_KEY, SERVICE_SOURCE, workerSource } from "../site.ts";
import { answerSource, versionAnswer } from "../version-answer.ts";
import { listenForControl } from "./control-server.ts";
import { readSite, sayPort } from "./read-site.ts";

interface Miniflare {
  readonly ready: Promise<URL>;
  getKVNamespace(binding: string): Promise<{ put(key: string, value: string): Promise<void> }>;
  setOptions(options: object): Promise<void>;
  dispose(): Promise<void>;
}

const { Miniflare } = requirePeer("miniflare") as { Miniflare: new (options: object) => Miniflare };
const { site, folder } = readSite();
/** The newest that the workerd of this miniflare knows. */
const DATE = "2026-08-01";
const main = (contents: string): object => ({
  name: "main",
  modules: [{ type: "ESModule", path: "index.js", contents }],
  compatibilityDate: DATE,
  ...(site.kind === "kv" && { kvNamespaces: { DATA: "data" } }),
  ...(site.kind === "service" && { serviceBindings: { OTHER: "other" } }),
  ...(site.kind === "outbound" && { bindings: { ORIGIN: site.originUrl } }),
});
const other = {
  name: "other",
  modules: [{ type: "ESModule", path: "index.js", contents: SERVICE_SOURCE }],
  compatibilityDate: DATE,
};
const options = (contents: string): object => ({
  port: 0,
  kvPersist: `${folder}/kv`,
  workers: [main(contents), other],
});
const miniflare = new Miniflare(options(workerSource(site, 0)));
if (site.kind === "kv") await (await miniflare.getKVNamespace("DATA")).put(KV_KEY, "value");
const controlPort = await listenForControl({
  deploy: async (query) =>
    await miniflare.setOptions(options(answerSource(versionAnswer(0, Number(query.get("version")))))),
});
sayPort(Number((await miniflare.ready).port), controlPort);
process.once("SIGTERM", () => void miniflare.dispose().then(() => process.exit()));
