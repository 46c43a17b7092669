import { aimsOf } from "../aims.ts";
import type { RunSummary } from "../summary.ts";
import { escapeHtml as escape } from "./escape-html.ts";

const CLASSES = { met: "better", "not met": "worse", unclear: "faint", "not measured": "faint" } as const;

/** The table of aims, where anything of it was measured. */
export function aimsSection(summary: RunSummary): string {
  const aims = summary.worker === null ? aimsOf(summary) : [];
  if (aims.length === 0) return "";
  const rows = aims.map(
    ({ what, aim, measured, verdict }) =>
      `<tr><td>${escape(what)}</td><td>${escape(aim)}</td><td>${escape(measured)}</td><td class="${CLASSES[verdict]}">${verdict}</td></tr>`,
  );
  return `<h2>The table of aims</h2>
<div class="scroll"><table class="words"><tr><th></th><th>aim</th><th>measured (95 % interval)</th><th></th></tr>
${rows.join("\n")}</table></div>`;
}
