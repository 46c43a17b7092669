import { parse, TomlError } from "smol-toml";
import type { ConfigDocument } from "./config-document.ts";
import { ConfigError } from "./config-error.ts";
import { tomlPositions } from "./toml-positions.ts";

/** Parses TOML. @throws ConfigError with line and column of the first syntax error. */
export function parseTomlDocument(file: string, text: string): ConfigDocument {
  let value: Record<string, unknown>;
  try {
    // The parser's tables have no prototype and its dates are its own: plain values travel further.
    value = structuredClone(parse(text));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n")[0]?.replace(/^Invalid TOML document: /, "") ?? "";
    throw new ConfigError(file, [
      { path: [], message: `is no valid TOML: ${reason}`, line: error.line, column: error.column },
    ]);
  }
  return { file, value, positionOf: tomlPositions(text) };
}
