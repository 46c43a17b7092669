import type { Project } from "../project.ts";

const COMMIT = "7a0bc8f9a10dc9233964bb8d834beff585d56f08";

/** Cloudflare's templates that need no build of their own. */
export const TEMPLATES: readonly Project[] = [
  {
    name: "cloudflare/templates hello-world-do",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "hello-world-do-template" },
    expect: { refused: "does not support Durable Objects" },
  },
  {
    name: "cloudflare/templates d1",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "d1-template" },
    expect: { refused: "does not support D1 databases" },
  },
  {
    name: "cloudflare/templates openauth",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "openauth-template" },
    expect: { refused: "does not support D1 databases" },
  },
  {
    name: "cloudflare/templates nodejs-http-server",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "nodejs-http-server-template" },
    expect: { refused: 'No such module "node:events"' },
  },
  {
    name: "cloudflare/templates postgres-hyperdrive",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "postgres-hyperdrive-template" },
    expect: { refused: "does not support Hyperdrive" },
  },
  {
    name: "cloudflare/templates mysql-hyperdrive",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "mysql-hyperdrive-template" },
    expect: { refused: "does not support Hyperdrive" },
  },
  {
    name: "cloudflare/templates internal-sites",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "internal-sites-template" },
    expect: { refused: "does not support D1 databases" },
  },
  {
    name: "cloudflare/templates workers-builds-notifications",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "workers-builds-notifications-template" },
    expect: { refused: "does not support Queues" },
  },
  {
    name: "cloudflare/templates llm-chat-app",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "llm-chat-app-template" },
    expect: { refused: "does not support Workers AI" },
  },
  {
    name: "cloudflare/templates text-to-image",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "text-to-image-template" },
    expect: { refused: "does not support Workers AI" },
  },
  {
    name: "cloudflare/templates containers",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "containers-template" },
    args: ["--containers-rollout=none"],
    expect: { refused: "does not support Durable Objects" },
    wrangler3: "the option --containers-rollout",
  },
  {
    name: "cloudflare/templates chanfana-openapi",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "chanfana-openapi-template" },
    expect: { refused: "does not support D1 databases" },
  },
  {
    name: "cloudflare/templates d1-starter-sessions-api",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "d1-starter-sessions-api-template" },
    expect: { refused: "does not support D1 databases" },
  },
  {
    name: "cloudflare/templates durable-chat",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "durable-chat-template" },
    expect: { refused: "does not support Durable Objects" },
  },
  {
    name: "cloudflare/templates microfrontend",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "microfrontend-template" },
    expect: { refused: 'has no worker "worker-a"' },
  },
  {
    name: "cloudflare/templates worker-publisher",
    source: { git: "cloudflare/templates", commit: COMMIT, folder: "worker-publisher-template" },
    expect: { refused: "does not support dispatch namespaces" },
  },
];
