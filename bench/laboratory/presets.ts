import { FULL_SIZE, SHORT_SIZE, type Size } from "./experiment.ts";

/** Experiments, runtimes and sizes that belong together. Names as on the command line. */
export interface Preset {
  readonly about: string;
  /** Empty for all. */
  readonly experiments: readonly string[];
  readonly only: readonly string[];
  readonly size: Size;
}

const PEERS = ["skerry", "workerd", "workerd-loader", "miniflare", "raw-http"];
/** What is used until a call says otherwise. */
export const DEFAULT_PRESET = "standard";

/** What can be asked for in one word. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  standard: {
    about: "every experiment beside the runtimes that matter most; about 20 minutes",
    experiments: [],
    only: [...PEERS, "workerd-lru", "deno", "bun"],
    size: { rounds: 4, loadMs: 400, coldStarts: 25, mostTenants: 10_000 },
  },
  full: {
    about: "every experiment and every runtime, in five rounds; hours",
    experiments: [],
    only: [],
    size: FULL_SIZE,
  },
  aims: {
    about: "all that the table of aims needs, in about 17 minutes",
    experiments: [
      "cold-tenant",
      "cold-bundle-cached",
      "warm-1",
      "warm-64",
      "warm-rate",
      "tenants-1",
      "tenants-10000",
      "density",
      "kv-16",
    ],
    only: [...PEERS, "workerd-lru"],
    size: { ...FULL_SIZE, rounds: 4, loadMs: 2_000 },
  },
  quick: {
    about: "cold starts, warm requests and KV, in about 5 minutes",
    experiments: ["cold-tenant", "warm-1", "warm-64", "density", "kv-16"],
    only: PEERS,
    size: { rounds: 4, loadMs: 1_000, coldStarts: 30, mostTenants: 55 },
  },
  short: {
    about: "everything in a form that only shows that it works; its figures mean nothing",
    experiments: [],
    only: [],
    size: SHORT_SIZE,
  },
};
