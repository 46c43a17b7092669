/** What becomes of something of Cloudflare's on a Skerry host. */
export type State = "works" | "partly" | "refused";

/** A row: names, state, and what is to be known of it. */
export type Row = readonly [names: string, state: State, note: string];

/** Commands of wrangler 4.164 that ask a host for something; a test of `test/wrangler-compat/` runs each that works. */
export const COMMANDS: readonly Row[] = [
  ["whoami", "works", "account and permissions of the token"],
  [
    "deploy",
    "works",
    "modules of every type, service-worker scripts, static assets (with a worker or alone; what is there already is not sent again), `vars`, KV, service bindings, rate limits, version metadata, tail consumers, routes, custom domains, cron triggers, environments, `limits`",
  ],
  [
    "versions upload, versions list, versions view, versions deploy",
    "works",
    "by parts of the traffic; each version has a URL of its own, and `--preview-alias` another (wrangler 4)",
  ],
  [
    "versions secret put, versions secret list, versions secret delete, versions secret bulk",
    "works",
    "by wrangler 4; 3 would need the sources of a version, which the host does not keep, and is told so",
  ],
  [
    "deployments list, deployments status, rollback",
    "works",
    "a rollback to a version with other secrets names them, and asks",
  ],
  [
    "secret put, secret list, secret delete, secret bulk",
    "works",
    "in force at once; kept over deploys; refused while the latest version takes no traffic",
  ],
  ["triggers deploy", "works", "routes and crons, by the calls that `deploy` makes too"],
  [
    "tail",
    "works",
    "`--format pretty` and `json`; filters by status, method, header, address, search, version, sampling",
  ],
  ["delete", "works", "says which workers depend on it, and asks; with `--force` it does not"],
  ["kv namespace create, kv namespace list", "works", ""],
  ["kv namespace rename, kv namespace delete", "works", "wrangler 3 has no `rename`"],
  [
    "kv key put, kv key get, kv key list, kv key delete, kv bulk put, kv bulk delete",
    "works",
    "with `--remote`, which wrangler 3 does not know and does not need",
  ],
  ["kv bulk get", "works", "with `--remote`; wrangler 3 has none"],
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

/** Commands that ask no host. */
export const LOCAL_COMMANDS: readonly Row[] = [
  [
    "dev, types, check, init, build",
    "works",
    "they run on the developer's machine and ask no host; `skerry dev` reads the same configs",
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
