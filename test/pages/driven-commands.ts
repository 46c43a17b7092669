import { readdirSync, readFileSync } from "node:fs";

const FOLDER = "test/wrangler-compat";
/** A list of arguments that begins with words, and what stands before it: whom it is handed to. */
const CALL = /(\(\s*wrangler,\s*|\(\s*"wrangler-3",\s*)?\[\s*("[a-z]+"(?:,\s*"[a-z]+")*)/g;

/** Major versions of wrangler, newest first. */
export type Line = "4" | "3";

/**
 * The lines of wrangler that tests run with some command, as their sources say it. A list that is handed to no wrangler in
 * the same breath is counted as the newest one's.
 */
export function drivenBy(command: string): readonly Line[] {
  const found = new Set<Line>();
  for (const [words, lines] of calls())
    if (words === command || words.startsWith(`${command} `)) for (const line of lines) found.add(line);
  return (["4", "3"] as const).filter((line) => found.has(line));
}

let all: readonly (readonly [words: string, lines: readonly Line[]])[] | undefined;

function calls(): NonNullable<typeof all> {
  return (all ??= readdirSync(FOLDER)
    .filter((name) => name.startsWith("wrangler") && name.endsWith(".test.ts"))
    .flatMap((name) => [...readFileSync(`${FOLDER}/${name}`, "utf8").matchAll(CALL)])
    .map(([, whom = "", list = ""]) => [
      [...list.matchAll(/[a-z]+/g)].join(" "),
      whom.includes("wrangler-3") ? ["3"] : whom === "" ? ["4"] : ["4", "3"],
    ]));
}
