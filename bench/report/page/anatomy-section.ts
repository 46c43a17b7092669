import { anatomyOf } from "../anatomy.ts";
import { formatBytes } from "../format-figure.ts";
import type { RunSummary } from "../summary.ts";
import { escapeHtml as escape } from "./escape-html.ts";

/** What a worker of somebody's own is made of, and what would make it start faster; nothing for other runs. */
export function anatomySection(summary: RunSummary): string {
  const anatomy = anatomyOf(summary);
  if (anatomy === null) return "";
  const { facts, parts, advice } = anatomy;
  const rows = parts.map(
    ({ name, bytes, share }) =>
      `<tr><td>${escape(name)}</td><td>${formatBytes(bytes)}</td><td>${(share * 100).toFixed(1)} %</td></tr>`,
  );
  return `<h2>What its cold start is made of</h2>
<dl>${facts.map(([name, text]) => `<dt>${escape(name)}</dt><dd>${escape(text)}</dd>`).join("\n")}</dl>
${rows.length === 0 ? "" : `<div class="scroll"><table><tr><th>largest parts of its code</th><th></th><th></th></tr>${rows.join("\n")}</table></div>`}
<h3>Advice</h3>
<ul>${advice.map((text) => `<li>${escape(text)}</li>`).join("\n")}</ul>`;
}
