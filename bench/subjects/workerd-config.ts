import { SERVICE_SOURCE, type Site, workerSource } from "./site.ts";

const DATE = "2026-11-17";

/** A file that workerd reads, by its name. */
export type ConfigFiles = Readonly<Record<string, string>>;

/** The config of a server with one worker. */
export function staticConfig(site: Site): ConfigFiles {
  const bindings =
    site.kind === "service"
      ? `(name = "OTHER", service = "other")`
      : site.kind === "outbound"
        ? `(name = "ORIGIN", text = "${site.originUrl}")`
        : "";
  return {
    "main.js": workerSource(site, 0),
    "other.js": SERVICE_SOURCE,
    "config.capnp": server(bindings),
  };
}

/** The config of a server whose one worker loads those of tenants when they are first asked for. */
export function loaderConfig(site: Site): ConfigFiles {
  return {
    "main.js": `export default {
      fetch(request, env) {
        const tenant = /^t(\\d+)/.exec(request.headers.get("host"))[1];
        const load = () => ({
          compatibilityDate: "${DATE}",
          mainModule: "index.js",
          modules: { "index.js": "const tenant = " + tenant + "; " + env.SOURCE },
          globalOutbound: null,
        });
        return env.LOADER.get(tenant, load).getEntrypoint().fetch(request);
      },
    };`,
    // The name goes in front: a search for it in a megabyte would be a part of each cold start.
    "source.txt": workerSource(site, 0).replace('"hello 0"', '"hello " + tenant'),
    "other.js": SERVICE_SOURCE,
    "config.capnp": server(
      `(name = "LOADER", workerLoader = (id = "tenants")), (name = "SOURCE", text = embed "source.txt")`,
    ),
  };
}

function server(bindings: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (modules = [(name = "index.js", esModule = embed "main.js")],
      compatibilityDate = "${DATE}", bindings = [${bindings}])),
    (name = "other", worker = (modules = [(name = "index.js", esModule = embed "other.js")],
      compatibilityDate = "${DATE}")),
    (name = "internet", network = (allow = ["public", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}
