/** Keys that wrangler took once, or that tools write beside its own, and what became of them. */
export const FORMER_KEYS: Readonly<Record<string, string>> = {
  type: "there is one kind of project",
  webpack_config: "the bundler is esbuild",
  zone_id: "zones mean nothing here",
  zone_name: "zones mean nothing here",
  usage_model: "there are no usage models",
  node_compat: "modules of Node.js are refused where they are imported",
  legacy_env: "every environment is a worker of its own",
  legacy_assets: "use assets",
  experimental_serve_directly: "use assets.run_worker_first",
  workers_dev_route: "use workers_dev",
};

/** What build tools write into the config that they generate; it concerns nobody else. */
export const GENERATED_KEYS: ReadonlySet<string> = new Set([
  "configPath",
  "userConfigPath",
  "topLevelName",
  "definedEnvironments",
  "targetEnvironment",
  "legacy_env",
]);
