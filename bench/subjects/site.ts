import { ballast } from "../ballast.ts";

/** A worker that a subject runs, and how many tenants have one like it. */
export interface Site {
  /**
   * What the workers do: answer at once, read a key, ask another worker, ask an origin, compute for some ms (only
   * `LOUD_TENANT`), or what their author wants.
   */
  readonly kind: "hello" | "kv" | "service" | "outbound" | "loud" | "own";
  /** How many tenants there are. Tenant 7 is asked by the host name `t7.localhost`. */
  readonly tenants: number;
  /** About how large each one's script is; the smallest one where it is 0. */
  readonly scriptBytes: number;
  /** Tenants that may be warm at once, where a subject can be told. */
  readonly warmTenants: number;
  /** Address of the origin that `outbound` asks. */
  readonly originUrl: string;
  /** Whether the server shall tell what its cold starts are made of, if it can. */
  readonly tellsPhases: boolean;
  /** Folder for profiles of the server, which makes them when it is told to; it makes none where this is empty. */
  readonly profileFolder: string;
  /** How often each tenant was asked before the server was started, where it can remember. */
  readonly asksBefore: number;
  /** Whether code caches that were made until then are left there. */
  readonly keepsCodeCaches: boolean;
}

const SMALLEST: Site = {
  kind: "hello",
  tenants: 1,
  scriptBytes: 0,
  warmTenants: 100_000,
  originUrl: "",
  tellsPhases: false,
  profileFolder: "",
  asksBefore: 0,
  keepsCodeCaches: true,
};

/** A site with what is left out: one tenant with the smallest worker that answers. */
export function site(given: Partial<Site> = {}): Site {
  return { ...SMALLEST, ...given };
}

/** `asksBefore` after which a code cache is made as soon as the isolate is idle, with some to spare. */
export const ASKS_BEFORE_CACHE = 8;

/** The name by which a tenant is asked for. */
export function tenantHost(tenant: number): string {
  return `t${tenant}.localhost`;
}

/** What a worker can be made to do here. */
type MadeKind = Exclude<Site["kind"], "own">;

/** What each answer says, so that nothing else is measured. */
export function answerOf(kind: MadeKind, tenant: number): string {
  return kind === "hello" || kind === "loud" ? `hello ${tenant}` : kind === "kv" ? "value" : "o".repeat(64);
}

/** The tenant that computes at each request, where the workers are `loud`. */
export const LOUD_TENANT = 1;
/** Rounds of a loop that take some milliseconds. */
const LOUD_ROUNDS = 3_000_000;

/** The key that `kv` reads. */
export const KV_KEY: string = "key";

/** The ES module of a tenant. */
export function workerSource(of: Site, tenant: number): string {
  const handlers = of.kind === "own" ? HANDLERS.hello : HANDLERS[of.kind];
  return ballast(of.scriptBytes) + `export default { ${handlers(tenant)} };\n`;
}

/** The body of a handler for runtimes that have no ES modules of tenants: a function of a request that gives a response. */
export function handlerSource(of: Site, tenant: number): string {
  const body = of.kind === "loud" ? loudBody(tenant) : `return new Response("hello ${tenant}");`;
  return `${ballast(of.scriptBytes)}globalThis.handle = () => { ${body} };\n`;
}

/** The worker behind the service binding of `service`. */
export const SERVICE_SOURCE: string = `export default { fetch() { return new Response("${"o".repeat(64)}"); } };\n`;

const HANDLERS: Readonly<Record<MadeKind, (tenant: number) => string>> = {
  hello: (tenant) => `fetch() { return new Response("hello ${tenant}"); }`,
  loud: (tenant) => `fetch() { ${loudBody(tenant)} }`,
  kv: () => `async fetch(request, env) {
    if (request.method === "PUT") await env.DATA.put("${KV_KEY}", "value");
    return new Response(await env.DATA.get("${KV_KEY}"));
  }`,
  service: () => `fetch(request, env) { return env.OTHER.fetch(request); }`,
  outbound: () =>
    `async fetch(request, env) { return new Response(await (await fetch(env.ORIGIN)).text()); }`,
};

/** The same code for all tenants but for the name, which stands in it once. */
function loudBody(tenant: number): string {
  return `const me = "hello ${tenant}"; let sum = 0;
    if (me.endsWith(" ${LOUD_TENANT}")) for (let i = 0; i < ${LOUD_ROUNDS}; i++) sum = (sum * 31 + i) | 0;
    globalThis.sum = sum;
    return new Response(me);`;
}
