import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "./document/config-error.ts";
import { parseConfigDocument } from "./document/parse-document.ts";
import { readHostConfig, type HostConfig } from "./host-config.ts";

const NAMES = ["skerry.json", "skerry.jsonc", "skerry.toml"];

/**
 * Reads the host's config file: `file` if it is named, else the one of {@link NAMES} that stands in
 * `folder`; without any, everything has its default.
 *
 * @throws ConfigError if the file is not there, is one of several, or has something wrong in it.
 */
export function loadHostConfig(folder: string, file?: string): HostConfig {
  const found = file === undefined ? NAMES.filter((name) => existsSync(join(folder, name))) : [file];
  const [name, second] = found;
  if (name === undefined) return { host: {} };
  if (second !== undefined) throw fault(second, `stands beside ${name}; keep one, or name it with --config`);
  let text: string;
  try {
    text = readFileSync(file ?? join(folder, name), "utf8");
  } catch (error) {
    throw fault(name, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return readHostConfig(parseConfigDocument(name, text));
}

function fault(file: string, message: string): ConfigError {
  return new ConfigError(file, [{ path: [], message, line: undefined, column: undefined }]);
}
