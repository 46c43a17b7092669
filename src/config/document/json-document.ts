import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type ParseError,
} from "jsonc-parser";
import type { ConfigDocument, Position } from "./config-document.ts";
import { ConfigError, type ConfigProblem } from "./config-error.ts";

/** Parses JSON with comments and trailing commas. @throws ConfigError with every syntax error. */
export function parseJsonDocument(file: string, text: string): ConfigDocument {
  try {
    return parse(file, text);
  } catch (error) {
    // The parser calls itself for each level.
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError(file, [{ path: [], message: "is nested too deeply", line: 1, column: 1 }]);
  }
}

function parse(file: string, text: string): ConfigDocument {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (errors.length > 0) {
    throw new ConfigError(
      file,
      errors.map((error): ConfigProblem => {
        const name = printParseErrorCode(error.error)
          .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
          .toLowerCase();
        return { path: [], message: `is no valid JSON: ${name}`, ...positionAt(text, error.offset) };
      }),
    );
  }
  // The parser's objects have no prototype: plain ones travel further.
  const value: unknown = root && structuredClone(getNodeValue(root));
  if (!root || root.type !== "object") {
    throw new ConfigError(file, [{ path: [], message: "must hold an object", line: 1, column: 1 }]);
  }
  return {
    file,
    value: value as Record<string, unknown>,
    positionOf(path) {
      const node = findNodeAtLocation(root, [...path]);
      if (!node) return undefined;
      const key = node.parent?.type === "property" ? node.parent : node;
      return positionAt(text, key.offset);
    },
  };
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf("\n");
  return { line: before.split("\n").length, column: offset - lastBreak };
}
