import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { tempFolder } from "../../storage/temp-folder.ts";
import { DATES, deployedName, hostOf, type Side } from "../differential-case.ts";
import { askSite } from "./ask-site.ts";
import type { AssetSite } from "./asset-site.ts";

/** As much of miniflare as is used here. It comes with wrangler, in the version that wrangler wants. */
interface MiniflareModule {
  readonly Miniflare: new (options: unknown) => {
    readonly ready: Promise<URL>;
    unsafeGetDirectURL(worker: string): Promise<URL>;
    dispose(): Promise<void>;
  };
  readonly convertV4MiniflareOptions: (options: unknown) => unknown;
}

/** A worker for sites without one: nobody asks it. */
const NO_CODE = "export default { fetch: () => new Response('no code', { status: 599 }) };";

/** Starts workerd with Cloudflare's own asset worker and router in front of all sites, as `wrangler dev` does. */
export async function startMiniflareSites(sites: readonly AssetSite[]): Promise<Side> {
  const require = createRequire(resolve("node_modules/wrangler/package.json"));
  const { Miniflare, convertV4MiniflareOptions } = require("miniflare") as MiniflareModule;
  const folder = tempFolder();
  const workers = sites.flatMap((site) => {
    const directory = writeFiles(join(folder.path, site.name), site);
    return DATES.map((date) => workerOf(site, date, directory));
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({ port: 0, host: "127.0.0.1", cf: false, workers }),
  );
  await miniflare.ready;
  const ports = new Map<string, number>();
  for (const { name } of workers) ports.set(name, Number((await miniflare.unsafeGetDirectURL(name)).port));
  return {
    ask: async (site, date, request) =>
      await askSite(ports.get(deployedName(site, date))!, hostOf(site, date), request),
    async [Symbol.asyncDispose]() {
      await miniflare.dispose();
      folder[Symbol.dispose]();
    },
  };
}

function workerOf({ name, config, code, flags }: AssetSite, date: (typeof DATES)[number], directory: string) {
  const { htmlHandling, notFoundHandling, runWorkerFirst } = config;
  return {
    name: deployedName(name, date),
    modules: true,
    script: code ?? NO_CODE,
    compatibilityDate: date,
    ...(flags && { compatibilityFlags: flags }),
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    assets: {
      directory,
      ...(code !== undefined && { binding: "ASSETS" }),
      ...(runWorkerFirst !== undefined && { run_worker_first: runWorkerFirst }),
      routerConfig: {
        has_user_worker: code !== undefined,
        ...(typeof runWorkerFirst === "boolean" && { invoke_user_worker_ahead_of_assets: runWorkerFirst }),
      },
      assetConfig: {
        ...(htmlHandling && { html_handling: htmlHandling }),
        ...(notFoundHandling && { not_found_handling: notFoundHandling }),
      },
    },
  };
}

function writeFiles(directory: string, { files, config: { headers, redirects } }: AssetSite): string {
  const all = {
    ...files,
    ...(headers !== undefined && { "/_headers": headers }),
    ...(redirects !== undefined && { "/_redirects": redirects }),
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}
