import { asks, withHeaders, type AssetSite } from "./asset-site.ts";

const FILES = {
  "/index.html": "home",
  "/about.html": "about",
  "/blog/2024/post.html": "post",
  "/docs/index.html": "docs",
  "/404.html": "no such page",
  "/app.js": "script",
  "/data.json": "{}",
  "/old.html": "old page",
};

const HEADERS = `# comment
/*
  X-All: yes
  Link: </a>; rel=preload

/*
  Link: </b>; rel=preload
/app.js
  Cache-Control: public, max-age=31556952, immutable
  ! X-All
/blog/:year/:slug
  X-Year: :year
  X-Slug: :slug of :year
/docs/*
  X-Rest: [:splat]
  X-Twice: 1
  X-Twice: 2
  Content-Type: text/plain
https://:host.localhost/*
  X-Host: :host
https://other.test/*
  X-Other: 1
/data.json
  ! ETag
  ! Cache-Control
  Set-Cookie: a=1
  Set-Cookie: b=2
/old
  X-Redirect: 1
/none
  X-None: 1
/empty
  X-Empty:
/UPPER
  x-lower: Yes
/about
x-no-indent: 1
not a header line
`;
const REDIRECTS = `# comment
/old /about 301
/home / 302
/see /docs/ 303
/temp /about 307
/perm /about 308
/plain /about
/query /about?x=1 301
/hash /about#part 301
/away https://other.test/x?y=1 301
/inside /docs/ 200
/inside-none /nowhere 200
/proxy https://other.test/ 200
/blog/:slug /blog/2024/:slug 301
/by/:a/:b /:b/:a?c=:a 302
/splat/* /about?rest=:splat 302
/both/:x/* /:x/:splat 301
/about.html /docs/ 301
/app.js /data.json 302
/twice /about 301
/twice /docs/ 302
/loop /loop 301
/UP /about 301
/enc%20oded /about 301
/sp+ace /about 301
/bad-status /about 299
/only-from
/deep/* /blog/2024/post 200
/slash/ /about 301
https://other.test/z /about 301
/*/end /about 302
`;

const PATHS = [
  ...asks(
    "/",
    "/about",
    "/about.html",
    "/app.js",
    "/data.json",
    "/none",
    "/docs",
    "/docs/",
    "/docs/x/y",
    "/blog/2024/post",
  ),
  ...asks(
    "/blog/post",
    "/blog/2024/none",
    "/old",
    "/old.html",
    "/home",
    "/see",
    "/temp",
    "/perm",
    "/plain",
    "/query",
    "/query?y=2",
  ),
  ...asks(
    "/hash",
    "/hash?z=1",
    "/away",
    "/away?q=1",
    "/inside",
    "/inside?x=1",
    "/inside-none",
    "/proxy",
    "/by/one/two",
    "/by/one/two/three",
  ),
  ...asks(
    "/splat/",
    "/splat/a/b",
    "/splat",
    "/both/x/y/z",
    "/twice",
    "/loop",
    "/UP",
    "/up",
    "/enc%20oded",
    "/sp+ace",
    "/bad-status",
  ),
  ...asks(
    "/only-from",
    "/deep/a",
    "/slash/",
    "/slash",
    "/z",
    "/a/b/end",
    "/end",
    "/empty",
    "/UPPER",
    "/%6fld",
    "/old/",
    "//old",
    "/old?x=1",
  ),
  ...asks(
    "HEAD /old",
    "HEAD /about",
    "HEAD /none",
    "HEAD /inside",
    "POST /old",
    "POST /about",
    "POST /inside",
    "DELETE /none",
  ),
  ...withHeaders("/about", { "with its tag": { "if-none-match": "{etag}" } }),
  ...withHeaders("/inside", { "with its tag": { "if-none-match": "{etag}" } }),
];

const CODE = `export default { fetch(request) { return new Response("worker " + new URL(request.url).pathname); } };`;

/** `_headers` and `_redirects`, alone and beside a worker. */
export const RULE_SITES: readonly AssetSite[] = [
  { name: "rules-404", config: { notFoundHandling: "404-page" } as const },
  { name: "rules-spa", config: { notFoundHandling: "single-page-application" } as const },
  { name: "rules-drop", config: { htmlHandling: "drop-trailing-slash" } as const },
  { name: "rules-force", config: { htmlHandling: "force-trailing-slash" } as const },
  { name: "rules-none", config: { htmlHandling: "none" } as const },
  { name: "rules-worker", config: { notFoundHandling: "404-page" } as const, code: CODE },
  { name: "rules-first", config: { runWorkerFirst: ["/*", "!/docs/*", "!/old"] } as const, code: CODE },
].map(({ config, ...site }) => ({
  ...site,
  area: "assets: _headers and _redirects",
  files: FILES,
  config: { ...config, headers: HEADERS, redirects: REDIRECTS },
  requests: PATHS,
}));
