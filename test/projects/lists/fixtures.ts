import type { Project } from "../project.ts";

const COMMIT = "f8308360283f97d33e188aee2e19c1ef9c09524a";

/** Workers with which wrangler itself is tested, but for those that only build in its own workspace. */
export const FIXTURES: readonly Project[] = [
  {
    name: "cloudflare/workers-sdk fixtures workers-with-assets",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/workers-with-assets",
      install: [],
    },
    expect: { partly: "it calls a method (RPC) of another entrypoint, which is not there yet" },
    checks: [
      { path: "/index.html", status: 307 },
      { path: "/", has: "<" },
      { path: "/yay.txt", has: ".----------------." },
      { path: "/none", has: "Hello from the user Worker" },
      { path: "/assets-binding", has: "<" },
      { path: "/named-entrypoint", has: "hello from a named entrypoint" },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures workers-with-assets-only",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/workers-with-assets-only",
      install: [],
    },
    expect: "answers",
    checks: [
      { path: "/", has: "<" },
      { path: "/file", has: "file.html" },
      { path: "/about/", has: "<" },
      { path: "/yay.txt", has: ".----------------." },
      { path: "/nothing", status: 404 },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures workers-with-assets-spa",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/workers-with-assets-spa",
      install: [],
    },
    expect: "answers",
    checks: [
      { path: "/", headers: { host: "example.com" }, has: "<" },
      { path: "/api/math", headers: { host: "example.com" }, status: 404 },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures workers-with-assets-static-routing",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/workers-with-assets-static-routing",
      install: [],
    },
    expect: "answers",
    wrangler3: "run_worker_first as a list",
    checks: [
      { path: "/worker/asset", has: "I'm an asset" },
      { path: "/oauth/callback", status: 404, has: "404 from the User Worker" },
      { path: "/missing-asset", status: 404 },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures workers-with-assets-run-worker-first",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/workers-with-assets-run-worker-first",
      install: [],
    },
    expect: "answers",
    checks: [
      { path: "/", status: 403, has: "Forbidden" },
      { path: "/", headers: { authorization: "x" }, has: "<" },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures additional-modules",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/additional-modules",
      install: [],
    },
    expect: "answers",
    wrangler3: "imports of modules that its own esbuild does not resolve",
    checks: [
      { path: "/dep", has: "bundled" },
      { path: "/text", has: "test" },
      { path: "/common", has: "common" },
      { path: "/sql", has: "SELECT" },
      { path: "/dynamic", has: "dynamic" },
      { path: "/lang/fr", has: "bonjour" },
      { path: "/lang/en", has: "hello" },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures no-bundle-import",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/no-bundle-import",
      install: [],
    },
    expect: "answers",
    checks: [
      { path: "/", has: "Hello Jane Smith and Hello John Smith" },
      { path: "/cjs", has: "CJS: Hello Jane Smith and Hello John Smith" },
      { path: "/cjs-loop", has: "CJS: cjs-string" },
      { path: "/dynamic", has: "dynamic" },
      { path: "/wasm", has: "42" },
      { path: "/wasm-nested", has: "nested42" },
      { path: "/wasm-dynamic", has: "sibling42subdirectory42" },
      { path: "/txt", has: "TEST DATA" },
      { path: "/bin", has: "\u0000\u0001\u0002" },
      { path: "/lang/fr.json", has: "Bonjour" },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures rules-app",
    source: { git: "cloudflare/workers-sdk", commit: COMMIT, folder: "fixtures/rules-app", install: [] },
    expect: "answers",
    checks: [
      { path: "/a", has: ": " },
      { path: "/b/c?d=1", has: "/b/c?d=1: " },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures vitest-plugin-examples/web-assembly",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/vitest-plugin-examples/web-assembly",
      install: [],
    },
    args: ["--compatibility-date", "2024-01-01"],
    expect: "answers",
    checks: [
      { path: "/?a=2&b=3", has: "5" },
      { path: "/any?a=20&b=22", has: "42" },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures ratelimit-app",
    source: { git: "cloudflare/workers-sdk", commit: COMMIT, folder: "fixtures/ratelimit-app", install: [] },
    expect: "answers",
    wrangler3: "the key ratelimits",
    checks: [
      { path: "/a", has: "Success" },
      { path: "/a", has: "Success" },
      { path: "/a", has: "Success" },
      { path: "/a", status: 429, has: "Slow down" },
      { path: "/unsafe", has: "unsafe: Success" },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures secrets-store",
    source: { git: "cloudflare/workers-sdk", commit: COMMIT, folder: "fixtures/secrets-store", install: [] },
    expect: { refused: "does not support the Secrets Store" },
    wrangler3: "the key secrets_store_secrets",
  },
  {
    name: "cloudflare/workers-sdk fixtures workflow",
    source: { git: "cloudflare/workers-sdk", commit: COMMIT, folder: "fixtures/workflow", install: [] },
    expect: { refused: "does not support Workflows" },
  },
  {
    name: "cloudflare/workers-sdk fixtures dynamic-worker-loading",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/dynamic-worker-loading",
      install: [],
    },
    expect: { refused: "does not support Worker Loaders" },
    wrangler3: "the key worker_loaders",
  },
  {
    name: "cloudflare/workers-sdk fixtures durable-objects-exports-app",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/durable-objects-exports-app",
      install: [],
    },
    expect: { refused: "does not support Durable Objects" },
  },
  {
    name: "cloudflare/workers-sdk fixtures unbound-durable-object",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/unbound-durable-object",
      install: [],
    },
    expect: { refused: "does not support Durable Objects" },
  },
  {
    name: "cloudflare/workers-sdk fixtures nodejs-als-app",
    source: { git: "cloudflare/workers-sdk", commit: COMMIT, folder: "fixtures/nodejs-als-app", install: [] },
    expect: { refused: 'No such module "node:async_hooks"' },
  },
  {
    name: "cloudflare/workers-sdk fixtures wildcard-modules",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/wildcard-modules",
      install: [],
    },
    expect: "answers",
    wrangler3: "imports of additional modules by a pattern",
    checks: [
      { path: "/dep", has: "bundled" },
      { path: "/text", has: "test" },
      { path: "/lang/fr", has: "bonjour" },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures node-env",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/node-env",
      install: ["react@^18.3.1", "react-dom@^18.3.1"],
    },
    expect: "answers",
    wrangler3: "process.env.NODE_ENV in a bundle",
    checks: [
      { path: "/", has: 'NODE_ENV is "production"' },
      { path: "/ssr", has: "<h1>Hello world</h1>" },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures worker-ts",
    source: { git: "cloudflare/workers-sdk", commit: COMMIT, folder: "fixtures/worker-ts", install: [] },
    expect: "answers",
    checks: [
      { path: "/", has: "Hello" },
      { path: "/error", status: 500 },
      { path: "/any", method: "POST", body: "text", has: "Hello World!" },
    ],
  },
  {
    name: "cloudflare/workers-sdk fixtures import-wasm-example",
    source: {
      git: "cloudflare/workers-sdk",
      commit: COMMIT,
      folder: "fixtures/import-wasm-example",
      install: [],
    },
    expect: "answers",
    checks: [
      { path: "/", has: "21" },
      { path: "/any?x=1", has: "21, 21" },
    ],
  },
];
