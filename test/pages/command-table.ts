import { COMMANDS, LOCAL_COMMANDS } from "./cloudflare-commands.ts";
import { drivenBy, type Line } from "./driven-commands.ts";
import { namesAsCode, namesOf } from "./row-names.ts";

/** Commands of wrangler as a table: what becomes of each, and which lines of wrangler the tests run it with. */
export function commandTable(): string {
  const lines = [...COMMANDS, ...LOCAL_COMMANDS].map(
    ([names, state, note]) => `| ${namesAsCode(names)} | ${state} | ${note} | ${lineText(names)} |`,
  );
  return ["| command | | | tests run it with |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

/** Commands that a host answers, and that no test runs. */
export function untested(): readonly string[] {
  return COMMANDS.filter(([, state]) => state === "works")
    .flatMap(([names]) => namesOf(names))
    .filter((command) => drivenBy(command).length === 0);
}

function lineText(names: string): string {
  const byLine = new Map<string, string[]>();
  const all = namesOf(names);
  for (const command of all) {
    const lines = drivenBy(command);
    if (lines.length > 0) byLine.set(text(lines), [...(byLine.get(text(lines)) ?? []), command]);
  }
  if (byLine.size === 1 && [...byLine.values()][0]!.length === all.length) return [...byLine.keys()][0]!;
  return [...byLine].map(([lines, commands]) => `${lines}: ${namesAsCode(commands.join(", "))}`).join("; ");
}

function text(lines: readonly Line[]): string {
  return `wrangler ${lines.join(" and ")}`;
}
