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

/** The config of a server whose one worker loads those of tenants when they are first asked for, and keeps them all. */
export function loaderConfig(site: Site): ConfigFiles {
  return tenantFiles(
    site,
    `export default {
      fetch(request, env) {
        const tenant = tenantOf(request);
        return env.LOADER.get(tenant, () => codeOf(tenant, env)).getEntrypoint().fetch(request);
      },
    };`,
    server(LOADER_BINDINGS),
  );
}

/**
 * The same with no more than `warmTenants` of them. The loader gives up a tenant without a name when nobody holds it any more,
 * and what holds something for longer than a request is a Durable Object: one that keeps the tenants that were asked last.
 */
export function boundedLoaderConfig(site: Site): ConfigFiles {
  return tenantFiles(
    site,
    `export class Tenants {
      #kept = new Map();
      #weights = [];
      #dropped = 0;
      constructor(_, env) { this.env = env; }
      fetch(request) {
        const tenant = tenantOf(request);
        let entry = this.#kept.get(tenant);
        if (entry !== undefined) this.#kept.delete(tenant);
        else {
          if (this.#kept.size >= ${site.warmTenants}) this.#drop();
          entry = this.env.LOADER.load(codeOf(tenant, this.env)).getEntrypoint();
        }
        this.#kept.set(tenant, entry);
        return entry.fetch(request);
      }
      #drop() {
        const [oldest] = this.#kept.keys();
        this.#kept.delete(oldest);
        // An isolate ends when the collector finds its handle, which is too small to call for a collection: this does.
        this.#weights[this.#dropped++ % ${WEIGHTS}] = new Uint8Array(${WEIGHT_BYTES});
      }
    }
    export default { fetch: (request, env) => env.TENANTS.get("all").fetch(request) };`,
    server(
      `${LOADER_BINDINGS}, (name = "TENANTS", durableObjectNamespace = "Tenants")`,
      `durableObjectNamespaces = [(className = "Tenants", ephemeralLocal = void, preventEviction = true)],
      durableObjectStorage = (inMemory = void),`,
    ),
  );
}

const LOADER_BINDINGS = `(name = "LOADER", workerLoader = (id = "tenants")), (name = "SOURCE", text = embed "source.txt")`;
/** So many bytes that V8 collects about every eight times that one is made, and so many of them that they grow old. */
const WEIGHT_BYTES = 8 * 2 ** 20;
const WEIGHTS = 8;

function tenantFiles(site: Site, main: string, config: string): ConfigFiles {
  return {
    "main.js": `const tenantOf = (request) => /^t(\\d+)/.exec(request.headers.get("host"))[1];
    const codeOf = (tenant, env) => ({
      compatibilityDate: "${DATE}",
      mainModule: "index.js",
      modules: { "index.js": "const tenant = " + tenant + "; " + env.SOURCE },
      globalOutbound: null,
    });
    ${main}`,
    // The name goes in front: a search for it in a megabyte would be a part of each cold start.
    "source.txt": workerSource(site, 0).replace('"hello 0"', '"hello " + tenant'),
    "other.js": SERVICE_SOURCE,
    "config.capnp": config,
  };
}

/** @param more Further fields of the worker that answers, with a comma behind each. */
function server(bindings: string, more = ""): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (modules = [(name = "index.js", esModule = embed "main.js")],
      ${more}
      compatibilityDate = "${DATE}", bindings = [${bindings}])),
    (name = "other", worker = (modules = [(name = "index.js", esModule = embed "other.js")],
      compatibilityDate = "${DATE}")),
    (name = "internet", network = (allow = ["public", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
}
