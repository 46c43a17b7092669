import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createHost, type AssetConfig } from "../../src/index.ts";
import { putFiles } from "../assets/put-files.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { sendRequest, type RawAnswer } from "./send-request.ts";
import { startWorkerdProcess } from "./workerd-process.ts";

const FILES: Readonly<Record<string, string>> = {
  "/index.html": "home",
  "/about.html": "about",
  "/docs/index.html": "docs",
  "/docs/404.html": "no such page of the docs",
  "/both.html": "both, the file",
  "/both/index.html": "both, the folder",
  "/404.html": "no such page",
  "/app.js": "script",
  "/data.txt": "{}",
  "/plain": "no extension",
  "/sp ace.txt": "space",
  "/old.txt": "old",
};

const PATHS = [
  ...[
    "/",
    "/index",
    "/index.html",
    "/index/",
    "/about",
    "/about/",
    "/about.html",
    "/about.html?x=1",
    "/about/index.html",
  ],
  ...[
    "/docs",
    "/docs/",
    "/docs/index",
    "/docs/index.html",
    "/docs.html",
    "/docs/none",
    "/both",
    "/both/",
    "/both.html",
  ],
  ...[
    "/both/index.html",
    "/app.js",
    "/app.js/",
    "/data.txt",
    "/plain",
    "/plain/",
    "/sp%20ace.txt",
    "/none",
    "/none/x.html",
  ],
  ...[
    "/%61bout",
    "//about",
    "/docs//",
    "/ABOUT",
    "/404",
    "/404.html",
    "/go/a/b",
    "/old.txt",
    "/moved",
    "/docs/../about",
  ],
];

const HEADERS = "/*\n  X-All: yes\n/docs/*\n  X-Docs: 1\n  ! X-All\n/app.js\n  Cache-Control: max-age=60\n";
const REDIRECTS = "/go/* /about?from=:splat 301\n/old.txt /data.txt 302\n/moved https://other.test/ 308\n";

/** Sites that both serve: every way of handling HTML with every way of handling what is not there, and one with rules. */
const SITES: Readonly<Record<string, AssetConfig>> = {
  ...Object.fromEntries(
    (["auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"] as const).flatMap(
      (htmlHandling) =>
        (["none", "single-page-application", "404-page"] as const).map((notFoundHandling) => [
          `${htmlHandling}--${notFoundHandling}`,
          { htmlHandling, notFoundHandling },
        ]),
    ),
  ),
  rules: { headers: HEADERS, redirects: REDIRECTS },
};

const METHODS = { GET: PATHS, HEAD: ["/about", "/none"], POST: ["/about", "/none"] };
/** How many requests there are. */
export const ASSET_REQUESTS = Object.keys(SITES).length * Object.values(METHODS).flat().length;

/** What both sides answered to one path of one site. */
export interface AssetAnswers {
  /** `site path`, or `site METHOD path`. */
  readonly key: string;
  readonly skerry: string;
  readonly workerd: string;
}

/** Serves the same files with the same settings by Skerry and by workerd, and asks both for all paths. */
export async function askAssets(): Promise<AssetAnswers[]> {
  using folder = tempFolder();
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder.path, "files", path)), { recursive: true });
    writeFileSync(join(folder.path, "files", path), text);
  }
  await using host = await createHost({ spares: 0 });
  const files = await putFiles(host, FILES);
  for (const [name, config] of Object.entries(SITES))
    await host.deploy({ name, routes: [`${name}.test/*`], assets: { files, config } });
  const { port } = await host.listen({ port: 0 });
  const sites = Object.keys(SITES);
  using workerd = await startWorkerdProcess(writeConfig(folder.path), sites.length, ["--experimental"]);
  const answers: AssetAnswers[] = [];
  for (const name of sites) {
    for (const [method, paths] of Object.entries(METHODS))
      for (const path of paths) {
        const request = { name: path, path, method };
        const [ours, theirs] = await Promise.all([
          sendRequest(port, `${name}.test`, request),
          sendRequest(workerd.ports.get(name)!, `${name}.test`, request),
        ]);
        const key = `${name} ${method === "GET" ? "" : `${method} `}${path}`;
        answers.push({ key, skerry: told(ours), workerd: told(theirs) });
      }
  }
  return answers;
}

const TOLD = /^(?:location|content-type|cache-control|x-)/;

function told({ status, headers, body }: RawAnswer): string {
  const kept = headers.filter((line) => TOLD.test(line) && line !== "x-content-type-options: nosniff");
  // The pages that a host answers with by itself are its own.
  const text = Object.values(FILES).includes(body) ? body : "";
  return JSON.stringify([
    status,
    text === "" && status !== 200 ? kept.filter((line) => !line.startsWith("c")) : kept,
    text,
  ]);
}

function writeConfig(folder: string): string {
  const services = Object.entries(SITES).map(
    ([name, { htmlHandling, notFoundHandling, headers, redirects }]) => {
      const config = {
        html_handling: htmlHandling,
        not_found_handling: notFoundHandling,
        headers,
        redirects,
      };
      return `(name = "${name}", assets = (path = "${join(folder, "files")}", compatibilityDate = "2026-11-17",
      config = ${JSON.stringify(JSON.stringify(config))}))`;
    },
  );
  const sockets = Object.keys(SITES).map(
    (name) => `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}")`,
  );
  const path = join(folder, "config.capnp");
  writeFileSync(
    path,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [${services.join(", ")}], sockets = [${sockets.join(", ")}]);
`,
  );
  return path;
}
