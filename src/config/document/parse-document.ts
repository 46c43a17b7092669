import { extname } from "node:path";
import type { ConfigDocument } from "./config-document.ts";
import { ConfigError } from "./config-error.ts";
import { parseJsonDocument } from "./json-document.ts";
import { parseTomlDocument } from "./toml-document.ts";

/** The kinds of config file that are read. */
export const CONFIG_EXTENSIONS: readonly string[] = [".json", ".jsonc", ".toml"];

/**
 * Parses a config file by its extension: `.json` and `.jsonc` (comments and trailing commas are
 * fine in both), `.toml`.
 *
 * @throws ConfigError with line and column where the text does not parse.
 */
export function parseConfigDocument(file: string, text: string): ConfigDocument {
  const extension = extname(file);
  if (extension === ".toml") return parseTomlDocument(file, text);
  if (CONFIG_EXTENSIONS.includes(extension)) return parseJsonDocument(file, text);
  const message = `a config file ends in ${CONFIG_EXTENSIONS.join(", ")}`;
  throw new ConfigError(file, [{ path: [], message, line: undefined, column: undefined }]);
}
