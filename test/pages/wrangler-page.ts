import { readFileSync } from "node:fs";
import { commandTable } from "./command-table.ts";

const FILE = "docs/wrangler.md";
const [BEGIN, END] = ["<!-- commands -->\n", "\n<!-- /commands -->"];

/** The text of `docs/wrangler.md`, whose table of commands comes from code; the rest is as it is. */
export function wranglerPage(): string {
  const text = readFileSync(FILE, "utf8");
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from === -1 || to < from)
    throw new Error(`${FILE} has no ${BEGIN.trim()} and ${END.trim()} around a table`);
  return text.slice(0, from + BEGIN.length) + commandTable() + text.slice(to);
}
