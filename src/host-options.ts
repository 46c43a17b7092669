import type { AdmissionOptions } from "./admission/options.ts";
import type { QuarantineEntry } from "./admission/quarantine.ts";
import type { QuarantineOptions } from "./admission/quarantine-options.ts";
import type { RollbackSetting } from "./control/rollback-options.ts";
import type { RollbackReport } from "./control/rollback-watch.ts";
import type { Isolation } from "./limits/isolation.ts";
import type { BlameReport } from "./warm/blame.ts";
import type { BindingPlugIns } from "./bindings/plug-in/plug-in.ts";
import type { PlugInBindingOptions } from "./bindings/plug-in/plug-in-options.ts";
import type { RateLimitOptions } from "./bindings/rate-limit/rate-limit-options.ts";
import type { AssetOptions } from "./assets/asset-options.ts";
import type { WorkerAssets } from "./assets/worker-assets.ts";
import type { AccountCacheOptions, CacheOptions } from "./cache/cache-options.ts";
import type { CodeCacheUse, LoadPhases } from "./cell/cell.ts";
import type { EgressRules } from "./egress/egress-rules.ts";
import type { SandboxMode } from "./cell/sandbox/sandbox-report.ts";
import type { EventRecord, LogRecord } from "./meter/event-record.ts";
import type { Limits } from "./limits/limits.ts";
import type { AccountStorageOptions, StorageOptions } from "./storage/storage-options.ts";
import type { WarmOptions } from "./warm/options.ts";

/** What an account may, where it differs from the host. */
export interface AccountOptions {
  /** Limits of the account's workers. */
  readonly limits?: Partial<Limits>;
  /** What a worker of the account may ask for at most. */
  readonly maxLimits?: Partial<Limits>;
  /** What its caches may keep. */
  readonly cache?: AccountCacheOptions;
  /** What its static assets may take. */
  readonly assets?: AssetOptions;
  /** What it may store in all. */
  readonly storage?: AccountStorageOptions;
  /** Its share of threads and CPU where accounts compete, beside those of others: 1 to 1000. @default 1 */
  readonly weight?: number;
  /** CPU that it may use in a minute, in ms; 0 for no limit. @default the host's `admission.accountCpuMsPerMinute` */
  readonly cpuMsPerMinute?: number;
  /** Where its workers may connect to. What it leaves out is as the host has it; denials of both hold. */
  readonly egress?: EgressRules;
  /** Hosts that its routes may be on, such as `acme.example` and `*.acme.example`. @default any that nobody else has */
  readonly hosts?: readonly string[];
  /** With whom its workers share a process. @default the host's */
  readonly isolation?: Isolation;
  /** When its new versions give their traffic back by themselves. What it leaves out is as the host has it. */
  readonly autoRollback?: RollbackSetting;
}

/** Where workers may connect to, and how long they wait. */
export interface EgressAccess extends EgressRules {
  /** Time to connect, TLS included. @default 10000 */
  readonly connectTimeoutMs?: number;
  /** Time until a response's head, per redirect. @default 30000 */
  readonly headersTimeoutMs?: number;
  /** Longest pause of an origin in sending a body that is waited for. @default 30000 */
  readonly bodyIdleMs?: number;
  /** Time of one fetch in all, redirects and body included. WebSockets may be open for longer. @default 3600000 (an hour) */
  readonly totalTimeoutMs?: number;
}

/** Something in a cell that no call can stop. */
export interface CatastropheReport {
  readonly account: string | null;
  readonly worker: string | null;
  readonly versionId: string | null;
  /** In process the embedder has to end the process; a process cell is replaced by itself. */
  readonly cell: "in-process" | "process";
  readonly message: string;
}

/** One start of an isolate. */
export interface StartRecord extends LoadPhases {
  readonly account: string;
  readonly worker: string;
  readonly versionId: string;
  /** Whether compiling was spared by a code cache, which a version has once it has served some requests. */
  readonly codeCache: CodeCacheUse;
}

/** How a host is made. Everything has a default that suits embedding. */
export interface HostOptions {
  /** Folder that holds all data; made if it is not there. @default nothing is kept beyond `close` */
  readonly dataFolder?: string;
  /**
   * File with the keys that encrypt secrets, made when the first secret is put. `SKERRY_SECRETS_KEY` in the environment
   * takes its place. @default `secrets.key` in the data folder
   */
  readonly secretsKeyFile?: string;
  /** Where isolates live: the host's own process, or child processes that can be lost. @default "in-process" */
  readonly cell?: "in-process" | "process";
  /**
   * What stands around process cells: what the machine offers, nothing, or what the machine offers with a refusal to
   * start without the essential layers. See docs/sandbox.md. @default "auto"
   */
  readonly sandbox?: SandboxMode;
  /** How many cells. @default 1 in process, 2 processes */
  readonly cells?: number;
  /**
   * Memory (RSS) that the process of one cell may take, in MB, 256 or more. In process that is the embedder's own.
   * @default an equal part of 60 % of the machine's memory, at least 512
   */
  readonly cellMemoryMb?: number;
  /**
   * Processes kept booted for cells that lose theirs, or for further cells, 0 to 16. In process there are none.
   * @default 1
   */
  readonly standbyCells?: number;
  /**
   * With whom workers share a process: `shared` (other accounts, in the cells of `cell`), `account` (their own account
   * only, in process cells made on demand) or `in-process` (the host itself, for trusted code). An account's own setting
   * holds before the host's; a worker may ask for something stricter. @default "shared"
   */
  readonly isolation?: Isolation;
  /**
   * Cells made on demand that there may be at once, beside `cells`: for accounts with isolation `account`, and for
   * workers that run alone. Beyond it the one that was unused for longest goes, or the start is refused as `overloaded`.
   * @default 16
   */
  readonly maxCells?: number;
  /** When a worker that ends cells is paused, and for how long; false never pauses one. */
  readonly quarantine?: Partial<QuarantineOptions> | false;
  /**
   * When a new version gives its traffic back to those before it by itself: where too many of its events fail in its
   * first minutes. An account and an upload may say otherwise. See docs/wrangler.md. @default false
   */
  readonly autoRollback?: RollbackSetting;
  /** Isolates that each cell keeps ready ahead of need, and up to three times as many while starts come fast. @default 2 */
  readonly spares?: number;
  /** How many isolates stay warm, and for how long. */
  readonly warm?: Partial<WarmOptions>;
  /** Limits of every worker, unless its account or version says otherwise. */
  readonly limits?: Partial<Limits>;
  /** What an account or version may ask for at most. */
  readonly maxLimits?: Partial<Limits>;
  readonly accounts?: Readonly<Record<string, AccountOptions>>;
  /** When events are refused before they run. */
  readonly admission?: AdmissionOptions;
  readonly egress?: EgressAccess;
  /** What the caches of workers may keep: `caches` in their code. */
  readonly cache?: CacheOptions;
  /** What static assets may take. */
  readonly assets?: AssetOptions;
  /** What accounts may store in all, and what is left of the disk. See docs/storage.md. */
  readonly storage?: StorageOptions;
  /** Lets `Date.now()` move while code runs. For trusted code only: it allows timing attacks. @default false */
  readonly liveClock?: boolean;
  /**
   * Lets `WebAssembly` compile bytes at run time. For trusted code only: V8's compilers are a larger target than
   * modules that were checked with an upload, and machine code is not counted as the isolate's memory. @default false
   */
  readonly wasmCompile?: boolean;
  /**
   * What answers bindings that Skerry has not itself, by their type in an upload, for all accounts. See docs/plug-ins.md.
   * @example { send_email: async (method, [message], { account }) => void (await mailer.send(account, message)) }
   */
  readonly bindings?: BindingPlugIns;
  /** Called with every event when it is over. */
  readonly onEvent?: (record: EventRecord) => void;
  /** Called with every line of every worker's log. */
  readonly onLog?: (record: LogRecord) => void;
  /** Called whenever an isolate was started, with where the time went. */
  readonly onStart?: (record: StartRecord) => void;
  /** Called when something in a cell cannot be stopped. */
  readonly onCatastrophe?: (report: CatastropheReport) => void;
  /** Called with the evidence when a worker ended a cell, or is one of those who may have. */
  readonly onBlame?: (report: BlameReport) => void;
  /** Called when a worker is paused for the cells that it ended. */
  readonly onQuarantine?: (entry: QuarantineEntry) => void;
  /** Called when a deployment was taken back by itself, or could not be. */
  readonly onRollback?: (report: RollbackReport) => void;
  /** Called with faults of Skerry itself. @default writes to standard error */
  readonly onInternalError?: (error: unknown) => void;
}

/** One file of an upload. */
export interface UploadModule {
  /** The name that other modules import, such as `index.js` or `lib/math.js`. */
  readonly name: string;
  /** `esm` `cjs` `text` `json` `data` `wasm`, or `script` for the service-worker format. */
  readonly type: "esm" | "cjs" | "script" | "text" | "json" | "data" | "wasm";
  readonly content: string | Uint8Array;
}

/** A worker of the same account as a binding of another one. */
export interface ServiceBindingOptions {
  readonly binding: string;
  /** Name of the worker. */
  readonly service: string;
  /** A named export of it. @default its default export */
  readonly entrypoint?: string;
  /** What it finds in `ctx.props`: anything with a JSON form. */
  readonly props?: unknown;
}

/** A worker to deploy. */
export interface WorkerUpload {
  /** @default "default" */
  readonly account?: string;
  readonly name: string;
  /** Name of the module with the handlers. Left out together with `modules`: the worker has static assets only. */
  readonly main?: string;
  readonly modules?: readonly UploadModule[];
  /** Files that are served without running the worker; see `Control.assets` for putting their contents. */
  readonly assets?: WorkerAssets;
  /** Source maps (JSON text) by module name; stack traces then show the original files. */
  readonly sourceMaps?: Readonly<Record<string, string>>;
  /** Values on `env`: strings stay strings, anything else is JSON. */
  readonly vars?: Readonly<Record<string, unknown>>;
  /**
   * Secrets on `env`: texts that are kept encrypted and never shown again. Those of the worker's newest version stay,
   * unless they are named here anew; see `Host.putSecret` and `Host.deleteSecret`.
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /** KV namespaces on `env`. Two workers of an account that name the same id share it. */
  readonly kvNamespaces?: readonly { readonly binding: string; readonly id: string }[];
  /** Other workers of the account on `env`, which `fetch` asks without leaving the host. */
  readonly services?: readonly ServiceBindingOptions[];
  /** Counters on `env` that say whether a key happens too often. */
  readonly rateLimits?: readonly RateLimitOptions[];
  /** Names on `env` of the version's own `{ id, tag, timestamp }`. */
  readonly versionMetadata?: readonly string[];
  /** Bindings of kinds that Skerry has not itself: `HostOptions.bindings` has to answer them. */
  readonly plugIns?: readonly PlugInBindingOptions[];
  /** Workers of the account whose `tail` handler is told of this worker's events. Left out: as they are. */
  readonly tailConsumers?: readonly string[];
  /**
   * Route patterns: `example.com/*`, `*.example.com/api/*`. One like `{version}-shop.example.com/*` leads to each version
   * of the worker by the first eight digits of its id, or its alias, whether or not it takes traffic.
   */
  readonly routes?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** With whom it shares a process; not laxer than its account. @default its account's */
  readonly isolation?: Isolation;
  /** Name of this version in routes that name one, such as `spring-sale`; the newest version that has it answers to it. */
  readonly alias?: string;
  /** When this version gives its traffic back by itself. What it leaves out is as its account has it. */
  readonly autoRollback?: RollbackSetting;
  /** Cron triggers, in UTC, such as `0 3 * * MON`. Left out: as they are. */
  readonly crons?: readonly string[];
  /** `YYYY-MM-DD`, today at the latest; kept and shown. What depends on it on Cloudflare is as docs/compatibility-flags.md says. */
  readonly compatibilityDate?: string;
  /** Flags of Cloudflare's runtime; kept and shown. Unknown ones are refused; see docs/compatibility-flags.md. */
  readonly compatibilityFlags?: readonly string[];
}

/** Where to listen. */
export interface ListenOptions {
  /** @default 8787; 0 takes a free one */
  readonly port?: number;
  /** @default "127.0.0.1" */
  readonly hostname?: string;
  /**
   * Proxies in front, as addresses or CIDR ranges, whose `X-Forwarded-*` and `CF-*` headers are believed.
   * @default none
   */
  readonly trustedProxies?: readonly string[];
  /** Connections at once; more are closed. @default 10000 */
  readonly maxConnections?: number;
  /** Connections of one client's address at once, proxies of `trustedProxies` excepted. @default 1000 */
  readonly maxConnectionsPerAddress?: number;
  /** Answers requests that no route matches. @default the 404 page */
  readonly fallback?: (request: Request) => Promise<Response> | Response;
  /** Paths that the embedder answers itself, on every host name, before any route: `/healthz`. @default none */
  readonly paths?: Readonly<Record<string, (request: Request) => Promise<Response> | Response>>;
}
