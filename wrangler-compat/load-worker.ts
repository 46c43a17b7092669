import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { ConfigError, describeProblem } from "../src/config/document/config-error.ts";
import { CONFIG_EXTENSIONS, parseConfigDocument } from "../src/config/document/parse-document.ts";
import { SkerryError } from "../src/errors/skerry-error.ts";
import type { WorkerUpload } from "../src/index.ts";
import { bundleWorker } from "./bundle/bundle-worker.ts";
import { readWranglerConfig } from "./config/read-wrangler-config.ts";
import type { WranglerConfig } from "./config/wrangler-config.ts";

/** A worker's folder, ready to deploy. */
export interface LoadedWorker {
  readonly upload: WorkerUpload;
  /** What is odd but stops nothing, one line each. */
  readonly warnings: readonly string[];
  /** Absolute paths of all files that went in: a change of one calls for loading again. */
  readonly inputs: readonly string[];
}

const CONFIGS = ["wrangler.json", "wrangler.jsonc", "wrangler.toml"];
const SOURCES = [".js", ".mjs", ".ts", ".mts", ".jsx", ".tsx"];

/** There is no worker at a path, or it is not clear which one. */
export class NoWorker extends SkerryError {
  constructor(message: string) {
    super("NO_WORKER", message);
  }
}

/**
 * Loads the worker at `path`: a folder with a wrangler config, a folder with one source file, such a
 * config, or such a file. TypeScript and packages are bundled.
 *
 * @throws NoWorker, ConfigError, BuildError; each message says what to do.
 */
export async function loadWorker(path: string): Promise<LoadedWorker> {
  const { folder, configFile, source } = locate(resolve(path), path);
  const { config, warnings } = configFile === undefined ? NO_CONFIG : readConfig(configFile);
  const main = source ?? config?.main ?? "";
  const bundle = await bundleWorker(folder, main);
  const upload: WorkerUpload = {
    name: config?.name ?? nameFrom(source !== undefined && configFile === undefined ? resolve(path) : folder),
    main: bundle.main,
    modules: bundle.modules,
    sourceMaps: bundle.sourceMaps,
    vars: config?.vars ?? {},
    kvNamespaces: config?.kvNamespaces ?? [],
    routes: config?.routes ?? [],
    limits: config?.limits ?? {},
    services: config?.services ?? [],
    ...(config?.crons !== undefined && { crons: config.crons }),
    ...(config?.compatibilityDate !== undefined && { compatibilityDate: config.compatibilityDate }),
  };
  return {
    upload,
    warnings: [...warnings, ...bundle.warnings],
    inputs: [...(configFile === undefined ? [] : [configFile]), ...bundle.inputs],
  };
}

const NO_CONFIG: { config: WranglerConfig | undefined; warnings: readonly string[] } = {
  config: undefined,
  warnings: [],
};

interface Located {
  readonly folder: string;
  readonly configFile?: string;
  /** Entry file, where no config names it. */
  readonly source?: string;
}

function locate(path: string, shown: string): Located {
  if (!existsSync(path)) throw new NoWorker(`${shown}: there is no such folder or file`);
  if (statSync(path).isFile()) {
    if (CONFIG_EXTENSIONS.includes(extname(path))) return { folder: dirname(path), configFile: path };
    if (SOURCES.includes(extname(path))) return { folder: dirname(path), source: basename(path) };
    throw new NoWorker(
      `${shown}: is no worker; name a folder, a ${SOURCES.join(", ")} file or a wrangler config`,
    );
  }
  const [config, other] = CONFIGS.filter((name) => existsSync(join(path, name)));
  if (other !== undefined) throw new NoWorker(`${shown}: has ${config} and ${other}; keep one of them`);
  if (config !== undefined) return { folder: path, configFile: join(path, config) };
  const isSource = (name: string): boolean =>
    SOURCES.includes(extname(name)) && !/\.(?:d|test|spec|config)\.\w+$/.test(name);
  const sources = readdirSync(path).filter(isSource).sort();
  const [source, second] = sources;
  if (source === undefined) {
    throw new NoWorker(
      `${shown}: has no worker; add a file such as index.js, or a wrangler.toml whose "main" names one`,
    );
  }
  if (second !== undefined) {
    throw new NoWorker(
      `${shown}: has several files that could be the worker (${sources.join(", ")}); add a wrangler.toml whose "main" names one, or name the file`,
    );
  }
  return { folder: path, source };
}

function readConfig(file: string): { config: WranglerConfig; warnings: string[] } {
  const document = parseConfigDocument(basename(file), readFileSync(file, "utf8"));
  const config = readWranglerConfig(document);
  if (!existsSync(resolve(dirname(file), config.main))) {
    const place = document.positionOf(["main"]);
    const message = `"main" is ${JSON.stringify(config.main)}, but there is no such file beside the config`;
    throw new ConfigError(document.file, [
      { path: ["main"], message, line: place?.line, column: place?.column },
    ]);
  }
  return { config, warnings: config.ignored.map((problem) => describeProblem(document.file, problem)) };
}

/** The name of a worker whose config has none: that of its folder or file. */
function nameFrom(path: string): string {
  const name = basename(path, extname(path))
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-");
  return (
    name
      .replaceAll(/^[^a-z0-9]+/g, "")
      .slice(0, 63)
      .replaceAll(/[^a-z0-9]+$/g, "") || "worker"
  );
}
