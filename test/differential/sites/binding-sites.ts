import { asks, withHeaders, type AssetSite } from "./asset-site.ts";

const FILES = {
  "/index.html": "home",
  "/about.html": "about",
  "/docs/index.html": "docs",
  "/404.html": "no such page",
  "/app.js": "script",
  "/empty.txt": "",
  "/sp ace.txt": "space",
};

/** Asks `env.ASSETS` as the path names it, and tells what came. */
const CODE = `
const told = async (response) => Response.json([response.status, response.statusText, response.redirected, new URL(response.url || "none:").pathname,
  [...response.headers].filter(([name]) => !["cf-cache-status", "x-mf-additional-response-log", "content-length"].includes(name)).map((pair) => pair.join(": ")).sort(), await response.text()]);
const cases = {
  text: (env) => env.ASSETS.fetch("http://any.test/about"),
  url: (env) => env.ASSETS.fetch(new URL("http://any.test/about?x=1")),
  request: (env) => env.ASSETS.fetch(new Request("https://other.test/about")),
  port: (env) => env.ASSETS.fetch("http://any.test:99/about"),
  init: (env) => env.ASSETS.fetch("http://any.test/about", { method: "HEAD" }),
  post: (env) => env.ASSETS.fetch("http://any.test/about", { method: "POST", body: "x" }),
  put: (env) => env.ASSETS.fetch("http://any.test/none", { method: "PUT", body: "x" }),
  none: (env) => env.ASSETS.fetch("http://any.test/none"),
  navigated: (env) => env.ASSETS.fetch("http://any.test/none", { headers: { "sec-fetch-mode": "navigate" } }),
  follow: (env) => env.ASSETS.fetch("http://any.test/about.html"),
  manual: (env) => env.ASSETS.fetch("http://any.test/about.html", { redirect: "manual" }),
  folder: (env) => env.ASSETS.fetch("http://any.test/docs", { redirect: "manual" }),
  rule: (env) => env.ASSETS.fetch("http://any.test/old", { redirect: "manual" }),
  followed_rule: (env) => env.ASSETS.fetch("http://any.test/old"),
  rewritten: (env) => env.ASSETS.fetch("http://any.test/inside/x"),
  script: (env) => env.ASSETS.fetch("http://any.test/app.js"),
  empty: (env) => env.ASSETS.fetch("http://any.test/empty.txt"),
  space: (env) => env.ASSETS.fetch("http://any.test/sp%20ace.txt"),
  encoded: (env) => env.ASSETS.fetch("http://any.test/%61bout", { redirect: "manual" }),
  tag: async (env) => env.ASSETS.fetch("http://any.test/about", { headers: { "if-none-match": (await env.ASSETS.fetch("http://any.test/about")).headers.get("etag") } }),
  authorized: (env) => env.ASSETS.fetch("http://any.test/about", { headers: { authorization: "x" } }),
  gzip: (env) => env.ASSETS.fetch("http://any.test/app.js", { headers: { "accept-encoding": "gzip" } }),
  same: (env, request) => env.ASSETS.fetch(new Request("http://any.test" + new URL(request.url).searchParams.get("p"), request)),
  aborted: (env) => env.ASSETS.fetch("http://any.test/about", { signal: AbortSignal.abort() }),
  relative: (env) => env.ASSETS.fetch("/about"),
  nothing: (env) => env.ASSETS.fetch(),
  data: (env) => env.ASSETS.fetch("data:text/plain,x"),
};
const plain = {
  shape: (env) => [typeof env.ASSETS, typeof env.ASSETS.fetch, Object.prototype.toString.call(env.ASSETS), typeof env.ASSETS.connect, env.ASSETS.constructor.name],
  async headers(env) { const r = await env.ASSETS.fetch("http://any.test/about"); try { r.headers.set("x-a", "1"); return "set"; } catch (e) { return e.name; } },
  async copy(env) { const r = new Response((await env.ASSETS.fetch("http://any.test/about")).body, { headers: { "x-a": "1" } }); return [r.headers.get("x-a"), await r.text()]; },
  async clone(env) { const r = await env.ASSETS.fetch("http://any.test/about"); return [await r.clone().text(), await r.text(), r.bodyUsed]; },
  async bytes(env) { return [...new Uint8Array(await (await env.ASSETS.fetch("http://any.test/app.js")).arrayBuffer())]; },
  async blob(env) { const b = await (await env.ASSETS.fetch("http://any.test/app.js")).blob(); return [b.type, b.size]; },
  async many(env) { return (await Promise.all(["/", "/about", "/docs/", "/none"].map((p) => env.ASSETS.fetch("http://any.test" + p)))).map((r) => r.status); },
  async head(env) { const r = await env.ASSETS.fetch("http://any.test/about", { method: "HEAD" }); return [r.body === null, await r.text()]; },
  detached(env) { const { fetch } = env.ASSETS; return fetch("http://any.test/about").then((r) => r.status); },
  async unread(env) { for (let n = 0; n < 5; n++) await env.ASSETS.fetch("http://any.test/about"); return "fine"; },
};
export default { async fetch(request, env) {
  const name = new URL(request.url).pathname.slice(1);
  try {
    if (name in plain) return Response.json(await plain[name](env));
    const response = await cases[name](env, request);
    return new URL(request.url).searchParams.has("whole") ? response : await told(response);
  } catch (error) { return Response.json([error.name]); }
} };`;

const CASES = [...CODE.matchAll(/^ {2}(\w+): (?:async )?\(env/gm)].map(([, name]) => `/${name}`);
const PLAIN = [...CODE.matchAll(/^ {2}(?:async )?(\w+)(?:: )?\(env\)/gm)].map(([, name]) => `/${name}`);
const REDIRECTS = "/old /about 301\n/inside/* /docs/ 200\n";
const HEADERS = "/*\n  X-All: yes\n/app.js\n  Cache-Control: max-age=60\n";

/** `env.ASSETS.fetch`, however it is asked. */
export const BINDING_SITES: readonly AssetSite[] = (
  ["404-page", "single-page-application", "none"] as const
).map((notFoundHandling) => ({
  name: `binding-${notFoundHandling === "single-page-application" ? "spa" : notFoundHandling}`,
  area: "assets: env.ASSETS.fetch",
  files: FILES,
  code: CODE,
  config: { runWorkerFirst: true, notFoundHandling, headers: HEADERS, redirects: REDIRECTS },
  requests: [
    ...asks(
      ...new Set(
        notFoundHandling === "404-page" ? [...CASES, ...PLAIN] : ["/none", "/navigated", "/put", "/many"],
      ),
    ),
    ...asks(
      "/same?p=/about",
      "HEAD /same?p=/about&whole",
      "/same?p=/about.html&whole",
      "/same?p=/none&whole",
      "POST /same?p=/about",
    ),
    ...asks("/text?whole", "/script?whole", "/empty?whole", "/init?whole", "/post?whole"),
    ...withHeaders("/same?p=/about&whole", { "with its tag": { "if-none-match": "{etag}" } }),
    ...withHeaders("/same?p=/none&whole", { navigated: { "sec-fetch-mode": "navigate" } }),
  ],
}));
