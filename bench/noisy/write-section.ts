import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** Puts a section of the second level into a Markdown file, in place of the one of that title, or at the end. */
export function writeSection(file: string, title: string, body: string): void {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "# Containment\n";
  writeFileSync(file, withSection(text, title, body));
}

/** The text with that section in it. */
export function withSection(text: string, title: string, body: string): string {
  const section = `## ${title}\n\n${body.trim()}\n`;
  const lines = text.split("\n");
  const start = lines.indexOf(`## ${title}`);
  if (start < 0) return `${text.trimEnd()}\n\n${section}`;
  const next = lines.findIndex((line, i) => i > start && line.startsWith("## "));
  const before = lines.slice(0, start).join("\n");
  const after = next < 0 ? "" : `\n${lines.slice(next).join("\n")}`;
  return `${before}\n${section}${after}`;
}
