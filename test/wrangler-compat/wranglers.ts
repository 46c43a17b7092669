import { resolve } from "node:path";

/** Unmodified, from npm, by the folders in which they are installed: the newest, and one of the line before. */
export const WRANGLERS = ["wrangler", "wrangler-3"] as const;
export type Wrangler = (typeof WRANGLERS)[number];

/** The program of one, for Node. */
export function wranglerBin(wrangler: Wrangler): string {
  return resolve(`node_modules/${wrangler}/bin/wrangler.js`);
}

/**
 * The environment in which a wrangler runs: it asks nothing, reports to nobody, and finds no account of whoever runs the
 * tests.
 * @param home where it keeps what it remembers
 * @param own variables that it has beside those
 */
export function wranglerEnv(home: string, own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    CI: "1",
    NO_COLOR: "1",
    WRANGLER_SEND_METRICS: "false",
    HOME: home,
  };
  for (const variable of Object.keys(env)) if (variable.startsWith("CLOUDFLARE_")) delete env[variable];
  return { ...env, ...own };
}
