import { askBoth } from "./ask-both.ts";
import { askSites } from "./sites/ask-sites.ts";
import { judge, staleEntries } from "./judge.ts";
import { recordOf, writeRecord } from "./record.ts";

/**
 * Prints what differs and is not listed: `node --no-node-snapshot test/differential/explore.ts [area]... [--all] [--texts] [--record]`.
 * `--all` prints listed and general differences too, `--texts` error messages that differ. `--record` keeps what
 * `docs/cloudflare-compatibility.md` is made of (then: `npm run pages`).
 */
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const started = performance.now();
const asked = [...(await askBoth(words)), ...(await askSites(words))];
const findings = judge(asked);
if (process.argv.includes("--record")) writeRecord(recordOf(asked, findings));
for (const { key, date, check, verdict } of findings) {
  const wanted =
    verdict === "texts"
      ? process.argv.includes("--texts")
      : process.argv.includes("--all") || verdict === "unknown";
  if (verdict === "equal" || !wanted) continue;
  console.log(
    `${verdict} ${key} @${date}\n    skerry  ${check.skerry.slice(0, 600)}\n    workerd ${check.workerd.slice(0, 600)}`,
  );
}
const counts: Record<string, number> = {};
for (const { verdict } of findings) counts[verdict] = (counts[verdict] ?? 0) + 1;
console.log(counts, words.length > 0 ? "" : `stale: ${staleEntries(findings).join("; ") || "none"}`);
console.log(`${Math.round(performance.now() - started)} ms`);
