import { tokTypes } from "acorn";
import type { Program } from "acorn";
import type { Problem } from "../upload-refused.ts";
import { Edits } from "./edits.ts";
import { ModuleParser } from "./module-parser.ts";

/** How a module's text is to be read: the names are those of acorn's `sourceType`. */
export type Goal = "module" | "commonjs" | "script";

export interface Parsed {
  readonly source: string;
  readonly program: Program;
  /** Changes that make the text safe inside a classic script, whatever it is. */
  readonly edits: Edits;
}

/** V8 obeys such comments, so a worker could rename the script, and with it every frame. */
const MAGIC_COMMENT = /^\/\/[#@]/;

/**
 * Parses one module's text.
 *
 * @param file name of the module, for the problem
 * @returns the parsed module, or why it does not parse
 */
export function parseSource(text: string, goal: Goal, file: string): Parsed | Problem {
  const source = text.startsWith("\ufeff") ? text.slice(1) : text;
  const edits = new Edits(source);
  if (source.startsWith("#!")) edits.replace(0, 2, "//");
  try {
    const program = ModuleParser.parse(source, {
      ecmaVersion: "latest",
      sourceType: goal,
      onComment: (isBlock, _text, start) => {
        if (!isBlock && MAGIC_COMMENT.test(source.slice(start, start + 3)))
          edits.replace(start + 2, start + 3, " ");
      },
      ...(goal === "module" && source.includes("<!--") ? { onToken: splitHtmlComment(source, edits) } : {}),
    });
    return { source, program, edits };
  } catch (error) {
    return parseProblem(error, file);
  }
}

/** In a module `a<!--b` compares; in the classic script that it becomes it would begin a comment. */
function splitHtmlComment(source: string, edits: Edits): (token: { type: unknown; start: number }) => void {
  return ({ type, start }) => {
    if (type === tokTypes.relational && source.startsWith("<!--", start)) edits.insert(start + 1, " ");
  };
}

function parseProblem(error: unknown, file: string): Problem {
  if (error instanceof SyntaxError) {
    const { loc } = error as SyntaxError & { loc?: { line: number; column: number } };
    const said = error.message.replace(/ \(\d+:\d+\)$/, "");
    const reason = said.startsWith("Not enough stack") ? TOO_DEEP : `SyntaxError: ${said}`;
    return { file, line: loc?.line ?? null, column: loc === undefined ? null : loc.column + 1, reason };
  }
  return { file, line: null, column: null, reason: tooDeep(error) };
}

const TOO_DEEP = "the code is nested too deeply to be analysed";

/** Says what a stack overflow means for the tenant; any other error is ours and is thrown on. */
export function tooDeep(error: unknown): string {
  if (error instanceof RangeError) return TOO_DEEP;
  throw error;
}
