import type { ConfigDocument } from "../../src/config/document/config-document.ts";
import { ConfigReader } from "../../src/config/document/config-reader.ts";
import { checkKeys } from "./check-keys.ts";
import { checkNestedKeys } from "./check-nested-keys.ts";
import { chooseEnvironment } from "./choose-environment.ts";
import { ConfigScope } from "./config-scope.ts";
import { BindingNames } from "./readers/binding-names.ts";
import { readAssets } from "./readers/read-assets.ts";
import { readKv, readServices, readTailConsumers, readVersionMetadata } from "./readers/read-bindings.ts";
import { readBuild } from "./readers/read-build.ts";
import { readBundling } from "./readers/read-bundling.ts";
import { readCompatibility } from "./readers/read-compatibility.ts";
import { readDev } from "./readers/read-dev.ts";
import { readLimits } from "./readers/read-limits.ts";
import { readName } from "./readers/read-name.ts";
import { readPlugIns } from "./readers/read-plug-ins.ts";
import { readRateLimits } from "./readers/read-rate-limits.ts";
import { readRoutes } from "./readers/read-routes.ts";
import { readCrons } from "./readers/read-triggers.ts";
import { readUnsafe } from "./readers/read-unsafe.ts";
import { readRequiredSecrets, readVars } from "./readers/read-vars.ts";
import type { WranglerConfig } from "./wrangler-config.ts";

/** Which part of a config is read, and what stands in for what it leaves out. */
export interface ReadOptions {
  /** @default the top level */
  readonly env?: string;
  /** Name of a worker whose config has none. */
  readonly fallbackName?: string;
  /** False refuses bindings that only a plug-in of an embedding host can answer. @default true */
  readonly allowPlugIns?: boolean;
}

/**
 * Checks a wrangler config and reads one environment of it, by wrangler's rules of inheritance. What is ignored or
 * misspelt is listed in `warnings`.
 *
 * @throws ConfigError with every key that is wrong or refused, its place, its value and what is allowed.
 */
export function readWranglerConfig(document: ConfigDocument, options: ReadOptions = {}): WranglerConfig {
  const reader = new ConfigReader(document);
  const scope = chooseEnvironment(reader, options.env);
  checkKeys(scope);
  checkNestedKeys(scope);
  const config = readParts(scope, options);
  // The top level has to be right as well where an environment is asked for.
  if (scope.environment !== undefined)
    readParts(new ConfigScope(reader, undefined), { ...options, allowPlugIns: true });
  if (!scope.has("main") && !scope.has("assets"))
    reader.problem(
      ["main"],
      '"main" is missing; it must be the path of the worker\'s entry file, such as "src/index.ts"',
    );
  reader.finish();
  return { ...config, warnings: inOrder(scope) };
}

function readParts(
  scope: ConfigScope,
  { fallbackName, allowPlugIns = true }: ReadOptions,
): Omit<WranglerConfig, "warnings"> {
  const { reader } = scope;
  const names = new BindingNames(scope);
  const name = readName(scope, fallbackName);
  const vars = readVars(scope, names);
  const kvNamespaces = readKv(scope, names, name ?? "worker");
  const services = readServices(scope, names);
  const rateLimits = readRateLimits(scope, names);
  const versionMetadata = readVersionMetadata(scope, names);
  const plugIns = readPlugIns(scope, names, allowPlugIns);
  const assets = readAssets(scope, names);
  const unsafe = readUnsafe(scope, names);
  return {
    name,
    main: reader.string(scope.of("main"), "main", "the path of the worker's entry file", /\S/),
    ...readCompatibility(scope),
    vars: { ...vars, ...unsafe.vars },
    requiredSecrets: readRequiredSecrets(scope),
    kvNamespaces: [...kvNamespaces, ...unsafe.kvNamespaces],
    services: [...services, ...unsafe.services],
    rateLimits: [...rateLimits, ...unsafe.rateLimits],
    versionMetadata: [...versionMetadata, ...unsafe.versionMetadata],
    plugIns,
    tailConsumers: readTailConsumers(scope),
    assets,
    ...readRoutes(scope),
    limits: readLimits(scope),
    crons: readCrons(scope),
    build: readBuild(scope),
    bundling: readBundling(scope),
    dev: readDev(scope),
  };
}

function inOrder({ warnings }: ConfigScope): WranglerConfig["warnings"] {
  const seen = new Set<string>();
  return warnings
    .filter(({ message }) => !seen.has(message) && seen.add(message))
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}
