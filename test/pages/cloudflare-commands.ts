/** What becomes of something of Cloudflare's on a Skerry host. */
export type State = "works" | "partly" | "refused";

/** A row: names, state, and what is to be known of it. */
export type Row = readonly [names: string, state: State, note: string];

/** Commands of wrangler 4.164 that ask a host for something; `test/wrangler-compat/` runs those that work. */
export const COMMANDS: readonly Row[] = [
  ["whoami", "works", "account and permissions of the token"],
  [
    "deploy",
    "works",
    "modules of every type, scripts, assets, routes, domains, crons, environments; bindings as below",
  ],
  [
    "versions upload, versions list, versions view, versions deploy",
    "works",
    "percentages, previews, aliases",
  ],
  ["versions secret put, versions secret delete, versions secret bulk, versions secret list", "works", ""],
  ["deployments list, deployments status, rollback", "works", ""],
  ["secret put, secret list, secret delete, secret bulk", "works", "in force at once; kept over deploys"],
  ["triggers deploy", "works", "routes and crons, by the calls that `deploy` makes too"],
  ["tail", "works", "filters by status, method, header, address, search, sampling"],
  ["delete", "works", "with `--force` where other workers depend on it"],
  ["kv namespace, kv key, kv bulk", "works", "with `--remote`"],
  [
    "dev, types, check, init, build",
    "works",
    "they run on the developer's machine and ask no host; `skerry dev` reads the same configs",
  ],
  ["login, logout", "refused", "tokens of a host take their place: `skerry token create`"],
  [
    "d1, r2, queues, workflows, hyperdrive, vectorize, secrets-store, dispatch-namespace",
    "refused",
    "lists are empty; all else names what is missing",
  ],
  [
    "pages, containers, pipelines, ai, cert, mtls-certificate, email, tunnel, vpc",
    "refused",
    "not a part of a host",
  ],
];

/** Handlers and entrypoints. */
export const HANDLERS: readonly Row[] = [
  ["fetch", "works", "of objects, classes and scripts"],
  ["scheduled", "works", "Cloudflare's cron syntax, UTC"],
  ["tail, trace", "works", "told by `tail_consumers`"],
  ["WorkerEntrypoint", "partly", "`fetch`, default and named, with `ctx.props`; no methods (RPC)"],
  [
    "queue, email, connect, tailStream, test",
    "refused",
    "nothing would call them; a worker that has nothing else is refused at deploy",
  ],
  [
    "DurableObject, WorkflowEntrypoint, RpcTarget",
    "refused",
    "a worker may import and extend them; making an object or a workflow says what is missing",
  ],
];

/** Kinds of modules, and modules that the runtime brings. */
export const MODULES: readonly Row[] = [
  [
    "ES modules, CommonJS, text, data, JSON, WebAssembly",
    "works",
    "cycles, dynamic `import()` and top-level `await` too",
  ],
  ["scripts with `addEventListener`", "works", "bindings are globals"],
  ["source maps (`.map`)", "works", "stacks in logs show the original files"],
  ["`cloudflare:email`, `cloudflare:workflows`", "works", "`EmailMessage`, `NonRetryableError`"],
  ["`cloudflare:sockets`, `cloudflare:node` and others", "refused", "refused at deploy, by name"],
  ["node:*", "refused", "refused at deploy, by name; `nodejs_compat` changes nothing"],
  ["Python", "refused", ""],
];

/** Bindings that Skerry has itself, by the type that an upload gives them. */
export const BINDINGS: readonly Row[] = [
  ["plain_text, json", "works", "`vars`"],
  ["secret_text", "works", "kept encrypted"],
  ["kv_namespace", "works", "all methods and limits of Workers KV"],
  [
    "assets",
    "works",
    "`env.ASSETS.fetch()`, `html_handling`, `not_found_handling`, `run_worker_first`, `_headers`, `_redirects`",
  ],
  ["service", "partly", "`fetch`, entrypoints and `props`; WebSockets too; no methods (RPC) yet"],
  ["ratelimit", "works", "periods of 10 and 60 seconds"],
  ["version_metadata", "works", ""],
  ["inherit", "works", "and `keep_bindings`"],
];
