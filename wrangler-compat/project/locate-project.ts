import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { CONFIG_EXTENSIONS, parseConfigDocument } from "../../src/config/document/parse-document.ts";
import { ConfigError } from "../../src/config/document/config-error.ts";
import { NoWorker } from "./no-worker.ts";

/** Where a worker's parts are. Paths are absolute. */
export interface Project {
  /** What paths of the config are relative to. */
  readonly folder: string;
  readonly configFile?: string;
  /** The config that a build tool's redirect took the place of: local secrets stand beside it. */
  readonly userFolder: string;
  /** Entry file, where no config names it. */
  readonly source?: string;
  /** Files that decide which config is read. */
  readonly redirects: readonly string[];
  readonly warnings: readonly string[];
}

const CONFIGS = ["wrangler.json", "wrangler.jsonc", "wrangler.toml"];
const SOURCES = [".js", ".mjs", ".ts", ".mts", ".jsx", ".tsx"];
const REDIRECT = join(".wrangler", "deploy", "config.json");

/**
 * Finds a project: a folder with a config (the first of `wrangler.json`, `.jsonc`, `.toml`, or the one that a build
 * tool's `.wrangler/deploy/config.json` leads to), a folder with one source file, a config, or a source file.
 *
 * @param shown The path as messages show it.
 * @throws NoWorker
 */
export function locateProject(path: string, shown: string = path): Project {
  const at = resolve(path);
  if (!existsSync(at)) throw new NoWorker(`${shown}: there is no such folder or file`);
  if (statSync(at).isFile()) return ofFile(at, shown);
  const [config, ...others] = CONFIGS.filter((name) => existsSync(join(at, name)));
  const warnings = others.map((name) => `${name} is not read: ${config} stands beside it`);
  const redirect = join(at, REDIRECT);
  if (existsSync(redirect)) {
    const configFile = followRedirect(redirect);
    return { folder: dirname(configFile), configFile, userFolder: at, redirects: [redirect], warnings };
  }
  if (config !== undefined) return { ...plain(at), configFile: join(at, config), warnings };
  return { ...plain(at), source: onlySource(at, shown) };
}

function ofFile(file: string, shown: string): Project {
  if (CONFIG_EXTENSIONS.includes(extname(file))) return { ...plain(dirname(file)), configFile: file };
  if (SOURCES.includes(extname(file))) return { ...plain(dirname(file)), source: basename(file) };
  throw new NoWorker(
    `${shown}: is no worker; name a folder, a ${SOURCES.join(", ")} file or a wrangler config`,
  );
}

function plain(folder: string): Project {
  return { folder, userFolder: folder, redirects: [], warnings: [] };
}

function followRedirect(file: string): string {
  const document = parseConfigDocument(REDIRECT, readFileSync(file, "utf8"));
  const to = document.value["configPath"];
  const target = typeof to === "string" ? resolve(dirname(file), to) : undefined;
  if (target !== undefined && existsSync(target)) return target;
  const message =
    target === undefined
      ? `"configPath" is ${JSON.stringify(to) ?? "missing"}; it must be the path of a config`
      : `"configPath" is ${JSON.stringify(to)}, but there is no such file; build the project again, or delete this one`;
  const place = document.positionOf(["configPath"]);
  throw new ConfigError(REDIRECT, [
    { path: ["configPath"], message, line: place?.line ?? 1, column: place?.column ?? 1 },
  ]);
}

function onlySource(folder: string, shown: string): string {
  const isSource = (name: string): boolean =>
    SOURCES.includes(extname(name)) && !/\.(?:d|test|spec|config)\.\w+$/.test(name);
  const sources = readdirSync(folder).filter(isSource).sort();
  const [source, second] = sources;
  if (source === undefined)
    throw new NoWorker(
      `${shown}: has no worker; add a file such as index.js, or a wrangler.toml whose "main" names one`,
    );
  if (second !== undefined)
    throw new NoWorker(
      `${shown}: has several files that could be the worker (${sources.join(", ")}); add a wrangler.toml whose "main" names one, or name the file`,
    );
  return source;
}
