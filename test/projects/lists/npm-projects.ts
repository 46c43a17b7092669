import type { Project } from "../project.ts";

const WRANGLER_3 = { npm: "wrangler@3.114.17", folder: "templates", installed: "wrangler-3" } as const;
const DATE = ["--compatibility-date", "2026-11-17"];

/** What wrangler 3 began projects with; it lies in its package, so that no network is needed. */
export const INSTALLED_PROJECTS: readonly Project[] = [
  {
    name: "wrangler 3 new-worker.js",
    source: WRANGLER_3,
    args: ["new-worker.js", "--name", "new-worker-js", ...DATE],
    expect: "answers",
    checks: [
      { path: "/", has: "Hello World!" },
      { path: "/any/path?x=1", method: "POST", body: "text", has: "Hello World!" },
    ],
  },
  {
    name: "wrangler 3 new-worker.ts",
    source: WRANGLER_3,
    args: ["new-worker.ts", "--name", "new-worker-ts", ...DATE],
    expect: "answers",
    checks: [
      { path: "/", has: "Hello World!" },
      { path: "/any/path", method: "DELETE", has: "Hello World!" },
    ],
  },
  {
    name: "wrangler 3 new-worker-scheduled.js",
    source: WRANGLER_3,
    args: ["new-worker-scheduled.js", "--name", "new-worker-scheduled", "--triggers", "*/5 * * * *", ...DATE],
    expect: "answers",
    checks: [
      { path: "/", cron: "*/5 * * * *", has: "Hello World!" },
      { path: "/", status: 500 },
    ],
  },
  {
    name: "wrangler 3 no-op-worker.js",
    source: WRANGLER_3,
    args: ["no-op-worker.js", "--name", "no-op-worker", ...DATE],
    expect: "answers",
    checks: [
      { path: "/", status: 404, has: "Not found" },
      { path: "/x", method: "PUT", body: "text", status: 404 },
    ],
  },
];

const CREATE = "create-cloudflare@2.74.0";
const made = (...args: readonly string[]): Project["source"] => ({
  create: CREATE,
  args: ["--type", ...args],
});

/** What `npm create cloudflare` makes. */
export const CREATED_PROJECTS: readonly Project[] = [
  {
    name: "create-cloudflare hello-world js",
    source: made("hello-world", "--lang", "js"),
    expect: "answers",
    checks: [
      { path: "/", has: "Hello World!" },
      { path: "/x", method: "POST", body: "text", has: "Hello World!" },
    ],
  },
  {
    name: "create-cloudflare hello-world ts",
    source: made("hello-world", "--lang", "ts"),
    expect: "answers",
    checks: [
      { path: "/", has: "Hello World!" },
      { path: "/x?y=1", has: "Hello World!" },
    ],
  },
  {
    name: "create-cloudflare hello-world-with-assets",
    source: made("hello-world-with-assets", "--lang", "js"),
    expect: "answers",
    checks: [
      { path: "/", has: "<!doctype html>" },
      { path: "/index.html", status: 307 },
      { path: "/message", has: "Hello, World!" },
      { path: "/random", has: "-" },
      { path: "/none", status: 404, has: "Not Found" },
    ],
  },
  {
    name: "create-cloudflare hello-world-assets-only",
    source: made("hello-world-assets-only"),
    expect: "answers",
    checks: [
      { path: "/", has: "<" },
      { path: "/none", status: 404 },
    ],
  },
  {
    name: "create-cloudflare scheduled",
    source: made("scheduled", "--lang", "js"),
    expect: "answers",
    checks: [
      { path: "/", has: "To test the scheduled handler" },
      { path: "/x", has: "__scheduled" },
    ],
  },
  {
    name: "create-cloudflare queues",
    source: made("queues", "--lang", "js"),
    expect: { refused: "does not support Queues" },
  },
  {
    name: "create-cloudflare hello-world-durable-object",
    source: made("hello-world-durable-object", "--lang", "js"),
    expect: { refused: "does not support Durable Objects" },
  },
  {
    name: "create-cloudflare hello-world-workflows",
    source: made("hello-world-workflows", "--lang", "js"),
    expect: { refused: "does not support Workflows" },
  },
];
