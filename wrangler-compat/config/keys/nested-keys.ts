import type { KeyState } from "./config-key.ts";
import { KEY_OF } from "./config-keys.ts";

/** A key inside another. */
export interface NestedKey {
  /** `[]` stands for each element of a list, `*` for any name: `routes[].pattern`, `vars.*`. */
  readonly path: string;
  readonly state: KeyState;
  readonly note: string;
}

/**
 * Keys inside others which have a say of their own. What is not here is as the key around it: who refuses Durable Objects
 * looks at none of their bindings.
 */
export const NESTED_KEYS: readonly NestedKey[] = `
routes[].pattern | honoured | host and path, with * as on Cloudflare
routes[].custom_domain | honoured | the whole host
routes[].enabled | honoured | false leaves the route out
routes[].previews_enabled | ignored | versions answer at hosts of their own: preview_urls
routes[].zone_id, routes[].zone_name | ignored | zones mean nothing here: a host answers for each name that leads to it
route.pattern | honoured | host and path, with * as on Cloudflare
route.custom_domain | honoured | the whole host
route.enabled | honoured | false leaves the route out
route.previews_enabled | ignored | versions answer at hosts of their own: preview_urls
route.zone_id, route.zone_name | ignored | zones mean nothing here: a host answers for each name that leads to it
triggers.crons | honoured | Cloudflare's syntax, UTC
triggers.events | refused | events of Artifacts
limits.cpu_ms | honoured | CPU of one event, up to the account's own limit
limits.subrequests | honoured | of one event, up to the account's own limit
assets.directory | honoured | a folder, relative to the config
assets.binding | honoured | env.NAME.fetch()
assets.html_handling, assets.not_found_handling, assets.run_worker_first | honoured | docs/assets.md
assets.base_path | refused | assets below a path
secrets.required | honoured | names that must have a value
dev.port, dev.ip | honoured | where skerry dev listens
dev.inspector_port, dev.inspector_ip | ignored | there is no inspector
dev.local_protocol | ignored | it answers HTTP
dev.upstream_protocol | ignored | requests keep their protocol
dev.host | ignored | requests keep their host
dev.enable_containers, dev.container_engine | ignored | there are no containers
dev.generate_types | ignored | types are wrangler's to make: wrangler types
build.command | honoured | run by a shell before bundling
build.cwd | honoured | where it runs
build.watch_dir | honoured | skerry dev runs it again when something changes there
rules[].type | partly | ESModule, CommonJS, CompiledWasm, Text and Data; Python is refused
rules[].globs | honoured | which files
rules[].fallthrough | honoured | whether later rules of the type hold as well
define.* | honoured | an expression
alias.* | honoured | a module, or a file relative to the config
vars.* | honoured | a text, or anything else as JSON
kv_namespaces[].binding | honoured | the name on env
kv_namespaces[].id | honoured | the namespace; workers of an account that name the same one share it
kv_namespaces[].preview_id, kv_namespaces[].remote | ignored | data is the host's own
services[].binding | honoured | the name on env
services[].service | honoured | a worker of the account
services[].entrypoint | honoured | a named export with fetch
services[].props, services[].props.* | honoured | ctx.props of the other worker
services[].remote | ignored | a service is a worker of the same host
version_metadata.binding | honoured | the name on env
ratelimits[].name | honoured | the name on env
ratelimits[].namespace_id | honoured | limits of an account with the same one count together
ratelimits[].simple, ratelimits[].simple.limit, ratelimits[].simple.period | honoured | how often in 10 or 60 seconds
tail_consumers[].service | honoured | a worker of the account
tail_consumers[].environment | honoured | that worker's environment
unsafe.bindings | partly | as an upload has them
unsafe.bindings[].name | honoured | the name on env
unsafe.bindings[].type | partly | plain_text, json, kv_namespace, ratelimit, version_metadata and service
unsafe.bindings[].dev | ignored | the binding is the same wherever the worker runs
unsafe.bindings[].* | honoured | what a binding of the type needs
unsafe.metadata, unsafe.capnp | refused | what only Cloudflare has
queues.producers | plug-in | producers of Queues
queues.consumers | refused | consumers of Queues
${[
  "queues.producers[]",
  ...["send_email", "hyperdrive", "vectorize", "analytics_engine_datasets"].map((key) => `${key}[]`),
  ...["mtls_certificates[]", "pipelines[]", "ai", "browser", "images", "media", "stream"],
]
  .map((key) => `${key}.remote`)
  .join(", ")} | ignored | the plug-in answers, wherever the worker runs
`
  .trim()
  .split("\n")
  .flatMap((line) => {
    const [paths = "", state = "", note = ""] = line.split(" | ");
    return paths.split(", ").map((path) => ({ path, state: state as KeyState, note }));
  });

const ROW_OF: ReadonlyMap<string, NestedKey> = new Map(NESTED_KEYS.map((row) => [row.path, row]));

/** Names of the keys that have a row right below another. */
export function innerKeys(key: string): string[] {
  const start = `${key}.`;
  return NESTED_KEYS.filter(
    ({ path }) => path.startsWith(start) && !/[.[]/.test(path.slice(start.length)),
  ).map(({ path }) => path.slice(start.length));
}

/** What is made of a nested key, by its own row, else by the nearest one of a key around it. Undefined: no key at all. */
export function nestedKey(path: string): NestedKey | undefined {
  for (let around = path; around !== ""; around = around.replace(/(?:\[\]|(?:^|\.)[^.[\]]+)$/, "")) {
    const row = ROW_OF.get(around) ?? KEY_OF.get(around);
    if (row !== undefined) return { path, state: row.state, note: row.note };
  }
  return undefined;
}
