import type { ProjectResult } from "./project.ts";

const WORDS = { answers: "answers", wrong: "answers wrongly", refused: "refused", failed: "wrangler fails" };

/** The page of results. */
export function resultsPage(results: readonly ProjectResult[], wranglerVersion: string): string {
  const rows = results.map(({ name, commit, needs, verdict, detail, unrouted }) =>
    [
      name,
      commit.slice(0, 8),
      needs.join(", "),
      detail === "" ? WORDS[verdict] : `${WORDS[verdict]}: ${detail}`,
      unrouted.length === 0 ? "0" : unrouted.join(", "),
    ]
      // Paths of this machine say nothing to others.
      .map((cell) => cell.replaceAll(/\S*node_modules\//g, "node_modules/"))
      .map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s+/g, " "))
      .join(" | "),
  );
  const count = (verdict: ProjectResult["verdict"]): number =>
    results.filter((one) => one.verdict === verdict).length;
  return `# Real projects

Projects for Cloudflare Workers, deployed as they are by wrangler ${wranglerVersion} to a host of their own.
Made by \`npm run projects -- --list FILE --out docs/real-projects.md\`: the list names folders with checkouts whose
dependencies are installed, and what their workers are asked afterwards (\`test/projects/project.ts\` has its form).

Of ${results.length} projects ${count("answers")} answer, and ${count("refused")} are refused with the reason that wrangler shows;
${count("wrong")} answer wrongly, and with ${count("failed")} wrangler itself fails. "Unrouted" are requests of wrangler's for which
the API has no route. Names of modules with \`node:\` are missing where a bundle leaves them to the runtime.

| project | commit | asks for | result | unrouted |
| --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join("\n")}
`;
}
