import { asks, withHeaders, type AssetSite } from "./asset-site.ts";
import { BINDING_SITES } from "./binding-sites.ts";
import { RULE_SITES } from "./rule-sites.ts";

const FILES = {
  "/index.html": "home",
  "/about.html": "about",
  "/docs/index.html": "docs",
  "/docs/404.html": "no such page of the docs",
  "/404.html": "no such page",
  "/static/app.js": "script",
  "/api/file.txt": "a file below api",
  "/api/docs/page.html": "page",
};
const CODE = `export default { fetch(request) {
  return new Response("worker " + request.method + " " + new URL(request.url).pathname, { headers: { "x-worker": "1" } });
} };`;

const NAVIGATION = { "sec-fetch-mode": "navigate" };
/** Who answers: the worker or the assets. */
const WHO = [
  ...asks("/", "/about", "/about.html", "/none", "/docs", "/docs/none", "/static/app.js", "/static/none"),
  ...asks(
    "/api/x",
    "/api/file.txt",
    "/api/docs/page",
    "/api/docs/none",
    "/api",
    "/API/x",
    "/%61pi/x",
    "/api%2Fx",
  ),
  ...asks("//api/x", "/static/../api/x", "/api/x?y=/static/z", "/about/", "/about?x=1"),
  ...asks(
    "HEAD /about",
    "HEAD /none",
    "POST /about",
    "POST /none",
    "POST /api/file.txt",
    "OPTIONS /about",
    "PUT /static/app.js",
  ),
  ...withHeaders("/none", { navigated: NAVIGATION }),
  ...withHeaders("/about", { navigated: NAVIGATION }),
  ...withHeaders("/api/x", { navigated: NAVIGATION }),
  ...withHeaders("/docs/none", { navigated: NAVIGATION }),
  ...withHeaders("/none", { navigated: NAVIGATION }, "POST"),
  ...withHeaders("/none", { "not navigated": { "sec-fetch-mode": "cors" } }),
];

const FIRST = {
  "not-first": false,
  "always-first": true,
  "some-first": ["/api/*", "!/api/docs/*"],
  "all-but": ["/*", "!/static/*", "!/about"],
  "by-glob": ["/*/x", "/*none*", "!/docs/*"],
} as const;

const workerFirst = Object.entries(FIRST).flatMap(([name, runWorkerFirst]) =>
  (["none", "single-page-application", "404-page"] as const).map((notFoundHandling): AssetSite => ({
    name: `${name}-${notFoundHandling === "single-page-application" ? "spa" : notFoundHandling}`,
    area: "assets: run_worker_first",
    files: FILES,
    code: CODE,
    config: { runWorkerFirst, notFoundHandling },
    requests: WHO,
  })),
);

/** The one flag that Skerry goes by, against each date: it is on from 2025-04-01. */
const byFlag = Object.entries({
  "flag-on": ["assets_navigation_prefers_asset_serving"],
  "flag-off": ["assets_navigation_has_no_effect"],
}).flatMap(([name, flags]) =>
  (["single-page-application", "404-page"] as const).map((notFoundHandling): AssetSite => ({
    name: `${name}-${notFoundHandling === "404-page" ? "404" : "spa"}`,
    area: "assets: flags",
    files: FILES,
    code: CODE,
    config: { notFoundHandling },
    flags,
    requests: [
      ...["/none", "/about", "/api/x", "/docs/none", "/"].flatMap((path) =>
        withHeaders(path, { navigated: NAVIGATION, "not navigated": {} }),
      ),
      ...withHeaders("/none", { navigated: NAVIGATION }, "HEAD"),
      ...withHeaders("/none", { navigated: NAVIGATION }, "POST"),
    ],
  })),
);

const CONDITIONS = {
  "with its tag": { "if-none-match": "{etag}" },
  "with its tag as a weak one": { "if-none-match": "W/{etag}" },
  "with its tag among others": { "if-none-match": '"x", {etag} , W/"y"' },
  "with other tags": { "if-none-match": '"x", W/"y"' },
  "with a star": { "if-none-match": "*" },
  "with a tag in no quotes": { "if-none-match": "x" },
  "with nothing": { "if-none-match": "" },
  "with If-Match": { "if-match": '"x"' },
  "with a date": { "if-modified-since": "Tue, 01 Jan 2030 00:00:00 GMT" },
  "with a date, authorized": {
    "if-modified-since": "Tue, 01 Jan 2030 00:00:00 GMT",
    authorization: "Basic eDp5",
  },
  authorized: { authorization: "Basic eDp5" },
  "authorized, with its tag": { authorization: "Basic eDp5", "if-none-match": "{etag}" },
};
const RANGES = {
  "first bytes": { range: "bytes=0-1" },
  "from a byte on": { range: "bytes=1-" },
  "last bytes": { range: "bytes=-2" },
  "beyond the end": { range: "bytes=99-" },
  several: { range: "bytes=0-0,2-3" },
  "of another unit": { range: "lines=0-1" },
  "that is none": { range: "bytes=2-1" },
  "if the tag holds": { range: "bytes=0-1", "if-range": "{etag}" },
  "if another tag holds": { range: "bytes=0-1", "if-range": '"x"' },
  "with the tag it has": { range: "bytes=0-1", "if-none-match": "{etag}" },
};

/** Sites of assets, with and without workers. */
export const SITES: readonly AssetSite[] = [
  ...workerFirst,
  ...byFlag,
  {
    name: "conditional",
    area: "assets: conditional requests",
    files: FILES,
    config: { notFoundHandling: "404-page" },
    requests: [
      ...withHeaders("/about", CONDITIONS),
      ...withHeaders("/about", CONDITIONS, "HEAD"),
      ...withHeaders("/none", { "with its tag": { "if-none-match": "{etag}" } }),
      ...withHeaders("/about.html", { "with a star": { "if-none-match": "*" } }),
      ...withHeaders("/static/app.js", { "with its tag": { "if-none-match": "{etag}" } }),
      ...withHeaders("/about", { "with its tag": { "if-none-match": "{etag}" } }, "POST"),
    ],
  },
  {
    name: "conditional-spa",
    area: "assets: conditional requests",
    files: FILES,
    config: {
      notFoundHandling: "single-page-application",
      headers: "/*\n  X-All: 1\n/about\n  Cache-Control: max-age=60\n",
    },
    requests: [
      ...withHeaders("/deep/link", { "with its tag": { "if-none-match": "{etag}" }, plain: {} }),
      ...withHeaders("/about", { "with its tag": { "if-none-match": "{etag}" } }),
    ],
  },
  {
    name: "ranges",
    area: "assets: ranges",
    files: FILES,
    config: { notFoundHandling: "404-page" },
    requests: [
      ...withHeaders("/about", RANGES),
      ...withHeaders("/about", { "first bytes": { range: "bytes=0-1" } }, "HEAD"),
      ...withHeaders("/about", { "first bytes": { range: "bytes=0-1" } }, "POST"),
      ...withHeaders("/none", { "first bytes": { range: "bytes=0-1" } }),
      ...withHeaders("/about.html", { "first bytes": { range: "bytes=0-1" } }),
    ],
  },
  ...BINDING_SITES,
  ...RULE_SITES,
];
