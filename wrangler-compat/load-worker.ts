import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import type { ConfigDocument } from "../src/config/document/config-document.ts";
import { ConfigError, describeProblem } from "../src/config/document/config-error.ts";
import { parseConfigDocument } from "../src/config/document/parse-document.ts";
import type { WorkerUpload } from "../src/index.ts";
import { type LoadedAssets, loadAssets } from "./assets/load-assets.ts";
import { type Bundle, type BundlePart, bundleWorker } from "./bundle/bundle-worker.ts";
import { runBuild } from "./bundle/run-build.ts";
import { takeAsIs } from "./bundle/take-as-is.ts";
import { DEFAULT_BUNDLING } from "./config/readers/read-bundling.ts";
import type { DevSettings } from "./config/readers/read-dev.ts";
import { readWranglerConfig } from "./config/read-wrangler-config.ts";
import type { WranglerConfig } from "./config/wrangler-config.ts";
import { type LocalSecrets, readLocalSecrets } from "./project/local-secrets.ts";
import { locateProject, type Project } from "./project/locate-project.ts";
import { nameFromPath } from "./project/worker-name.ts";

/** How a worker is loaded. */
export interface LoadOptions {
  /** Environment of the config. @default the top level */
  readonly env?: string | undefined;
  /** Variables that take the place of the config's. */
  readonly vars?: Readonly<Record<string, string>> | undefined;
  /** For a run on the developer's machine: with `.dev.vars` or `.env`, and NODE_ENV `development`. @default false */
  readonly isLocal?: boolean;
  /** Leaves the config's build command out: what it makes is there already. @default false */
  readonly skipBuild?: boolean;
  /** Called with what the config's build command prints. */
  readonly onBuildOutput?: (text: string) => void;
  /** Called when the build command has ended, well or not, with the folders whose changes call for another run. */
  readonly onBuilt?: (buildDirs: readonly string[]) => void;
}

/** A worker's folder, ready to deploy. */
export interface LoadedWorker {
  readonly upload: WorkerUpload;
  /** Its static assets, whose contents a host is to have before the upload: see `putAssets`. */
  readonly assets: LoadedAssets | undefined;
  /** The files that its script was bundled from; nothing where it was taken as it is. */
  readonly parts: readonly BundlePart[];
  /** Whether it answers at its own name as well; undefined where its config does not say. */
  readonly workersDev: boolean | undefined;
  /** Whether each version answers at a host of its own. */
  readonly previewUrls: boolean;
  /** Secrets that it needs; those of a local run are there, or are missing. */
  readonly requiredSecrets: readonly string[];
  /** Where `vars` came from beside the config, for a local run. */
  readonly local: LocalSecrets;
  readonly dev: DevSettings;
  /** What is odd but stops nothing, one line each. */
  readonly warnings: readonly string[];
  /** Absolute paths of all files that went in: a change of one calls for loading again. */
  readonly inputs: readonly string[];
  /** Absolute paths of the config, and of what leads to it. */
  readonly configFiles: readonly string[];
  /** Absolute paths of folders in which a change calls for another run of the build command. */
  readonly buildDirs: readonly string[];
}

/**
 * Loads the worker at `path`: a folder with a wrangler config, a folder with one source file, such a config, or such a
 * file. The config's build command is run, TypeScript and packages are bundled.
 *
 * @throws NoWorker, ConfigError, CustomBuildFailed, BuildError, AssetsRefused; each message says what to do.
 */
export async function loadWorker(path: string, options: LoadOptions = {}): Promise<LoadedWorker> {
  const project = locateProject(resolve(path), path);
  const { folder, configFile, source } = project;
  const { isLocal = false } = options;
  const fallbackName = nameFromPath(source !== undefined ? resolve(path) : project.userFolder);
  const document = readDocument(project);
  const config =
    document &&
    readWranglerConfig(document, {
      fallbackName,
      allowPlugIns: !isLocal,
      ...(options.env !== undefined && { env: options.env }),
    });
  const buildDirs = config?.build?.watchDirs.map((dir) => resolve(folder, dir)) ?? [];
  if (config?.build !== undefined && options.skipBuild !== true)
    await runBuild(folder, config.build, options.onBuildOutput).finally(() => options.onBuilt?.(buildDirs));
  const main = source ?? config?.main;
  if (document !== undefined && main !== undefined) mustHaveFile(document, folder, main);
  const bundle = main === undefined ? undefined : await makeBundle(folder, main, config, options);
  const assets = document && config?.assets && (await loadAssets(document, folder, config.assets));
  const local = localSecrets(project, config, options);
  const configFiles = [...(configFile === undefined ? [] : [configFile]), ...project.redirects];
  const upload: WorkerUpload = {
    name: config?.name ?? fallbackName,
    ...(bundle && { main: bundle.main, modules: bundle.modules, sourceMaps: bundle.sourceMaps }),
    // Without code nothing reads the secrets of a local run.
    vars: { ...config?.vars, ...(bundle && local.values), ...options.vars },
    ...(assets && { assets: assets.upload }),
    ...(config !== undefined && partsOf(config)),
  };
  const configWarnings =
    document === undefined ? [] : config!.warnings.map((problem) => describeProblem(document.file, problem));
  return {
    upload,
    assets,
    parts: bundle?.parts ?? [],
    workersDev: config?.workersDev,
    previewUrls: config?.previewUrls ?? false,
    requiredSecrets: config?.requiredSecrets ?? [],
    local,
    dev: config?.dev ?? {},
    warnings: [
      ...project.warnings,
      ...configWarnings,
      ...(bundle?.warnings ?? []),
      ...(assets?.warnings ?? []),
      ...(isLocal ? missingSecrets(config, upload) : []),
    ],
    inputs: [...configFiles, ...(bundle?.inputs ?? []), ...(assets?.inputs ?? []), ...local.files],
    configFiles,
    buildDirs,
  };
}

/** What a config gives to an upload, beside what comes from files. */
function partsOf(config: WranglerConfig): Partial<WorkerUpload> {
  const { kvNamespaces, services, rateLimits, versionMetadata, plugIns, routes, limits } = config;
  const { crons, tailConsumers, compatibilityDate, compatibilityFlags } = config;
  return {
    kvNamespaces,
    services,
    routes,
    limits,
    ...(rateLimits.length > 0 && { rateLimits }),
    ...(versionMetadata.length > 0 && { versionMetadata }),
    ...(plugIns.length > 0 && { plugIns }),
    ...(tailConsumers !== undefined && { tailConsumers }),
    ...(crons !== undefined && { crons }),
    ...(compatibilityDate !== undefined && { compatibilityDate }),
    ...(compatibilityFlags.length > 0 && { compatibilityFlags }),
  };
}

function readDocument({ configFile }: Project): ConfigDocument | undefined {
  return configFile === undefined
    ? undefined
    : parseConfigDocument(basename(configFile), readFileSync(configFile, "utf8"));
}

function mustHaveFile(document: ConfigDocument, folder: string, main: string): void {
  const place = document.positionOf(["main"]);
  const fail = (message: string): never => {
    throw new ConfigError(document.file, [
      { path: ["main"], message, line: place?.line, column: place?.column },
    ]);
  };
  if (extname(main) === ".py") fail(`"main" is ${JSON.stringify(main)}; workers in Python are not supported`);
  const isFile = existsSync(resolve(folder, main)) && statSync(resolve(folder, main)).isFile();
  if (!isFile) fail(`"main" is ${JSON.stringify(main)}, but there is no such file beside the config`);
}

async function makeBundle(
  folder: string,
  main: string,
  config: WranglerConfig | undefined,
  { isLocal = false }: LoadOptions,
): Promise<Bundle> {
  const bundling = config?.bundling ?? DEFAULT_BUNDLING;
  if (bundling.noBundle) return await takeAsIs(folder, main, bundling);
  const nodeEnv = process.env["NODE_ENV"] ?? (isLocal ? "development" : "production");
  return await bundleWorker(folder, main, bundling, nodeEnv);
}

const NO_SECRETS: LocalSecrets = { values: {}, sources: [], files: [] };

function missingSecrets(config: WranglerConfig | undefined, { vars = {} }: WorkerUpload): string[] {
  return (config?.requiredSecrets ?? [])
    .filter((name) => !Object.hasOwn(vars, name))
    .map((name) => `the secret "${name}" is required, and missing: add it to .dev.vars or .env`);
}

function localSecrets(
  { userFolder }: Project,
  config: WranglerConfig | undefined,
  { env, isLocal = false }: LoadOptions,
): LocalSecrets {
  if (!isLocal) return NO_SECRETS;
  return readLocalSecrets(userFolder, {
    vars: Object.keys(config?.vars ?? {}),
    processEnv: process.env,
    ...(env !== undefined && { env }),
    ...(config?.requiredSecrets !== undefined && { required: config.requiredSecrets }),
  });
}
