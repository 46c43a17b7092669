import { globSync, readFileSync } from "node:fs";
import type { FileRun } from "./run-file.ts";

const READS_CELL = /\benv(?:\.|\[")SKERRY_TEST_CELL\b/;

/**
 * Finds every `*.test.ts` in `test/` below the working directory. Each pattern keeps the files whose path
 * contains it; none keeps all. A file that reads SKERRY_TEST_CELL from the environment runs once per kind of cell, unless
 * the variable is set already.
 */
export function findFiles(patterns: readonly string[]): FileRun[] {
  const files = globSync("test/**/*.test.ts")
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
  const wanted = patterns.map((pattern) => pattern.replace(/^\.\//, ""));
  return files
    .filter((file) => wanted.length === 0 || wanted.some((pattern) => file.includes(pattern)))
    .flatMap((file): FileRun[] => {
      const perCell = !process.env["SKERRY_TEST_CELL"] && READS_CELL.test(readFileSync(file, "utf8"));
      return perCell
        ? [
            { file, cell: "in-process" },
            { file, cell: "process" },
          ]
        : [{ file, cell: undefined }];
    });
}
