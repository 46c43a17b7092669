import { parse, TomlError } from "smol-toml";
import type { ConfigDocument, Position } from "./config-document.ts";
import { ConfigError } from "./config-error.ts";

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
  return { file, value, positionOf: (path) => keyPositions(text).get(path.join("\n")) };
}

/**
 * Finds where keys stand, since the parser does not say. Knows tables, arrays of tables and plain
 * keys at the beginning of a line; a key inside an inline table counts as its line's key.
 */
function keyPositions(text: string): Map<string, Position> {
  const positions = new Map<string, Position>();
  const counts = new Map<string, number>();
  let table: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const header = /^(\s*)(\[{1,2})\s*([^\]]+?)\s*\]/.exec(line);
    const key = header
      ? undefined
      : /^(\s*)((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=/.exec(line);
    const match = header ?? key;
    if (!match) continue;
    const position: Position = { line: index + 1, column: (match[1]?.length ?? 0) + 1 };
    const names = (match[header ? 3 : 2] ?? "")
      .split(".")
      .map((name) => name.trim().replace(/^(["'])(.*)\1$/, "$2"));
    if (header) {
      table = names;
      if (header[2] === "[[") {
        const count = counts.get(names.join("\n")) ?? 0;
        counts.set(names.join("\n"), count + 1);
        table = [...names, String(count)];
      }
    }
    const path = header ? table : [...table, ...names];
    for (let length = 1; length <= path.length; length++) {
      const prefix = path.slice(0, length).join("\n");
      if (!positions.has(prefix)) positions.set(prefix, position);
    }
  }
  return positions;
}
