import type { CompatibilityFlag } from "./compatibility-flag.ts";
import { NETWORK_FLAGS } from "./flags/network-flags.ts";
import { NODE_FLAGS } from "./flags/node-flags.ts";
import { PRODUCT_FLAGS } from "./flags/product-flags.ts";
import { STREAM_FLAGS } from "./flags/stream-flags.ts";
import { WEB_FLAGS } from "./flags/web-flags.ts";
import { WORKER_FLAGS } from "./flags/worker-flags.ts";

/** Newest day whose flags are known: those of workerd 1.20261117.1. */
export const KNOWN_UNTIL = "2026-11-17";

/** All compatibility flags of Cloudflare's runtime, by what they are about. */
export const COMPATIBILITY_FLAGS: Readonly<Record<string, readonly CompatibilityFlag[]>> = {
  "Web standards and globals": WEB_FLAGS,
  "Streams and WebSockets": STREAM_FLAGS,
  "Outbound requests and caches": NETWORK_FLAGS,
  "Modules, entrypoints, calls between workers": WORKER_FLAGS,
  "Node.js": NODE_FLAGS,
  "Products that Skerry does not have": PRODUCT_FLAGS,
};
