import { readFileSync } from "node:fs";
import type { Wrangler } from "../wrangler-compat/wranglers.ts";
import { type Project, type ProjectResult, type Source, surprise } from "./project.ts";
import { PROJECTS } from "./projects.ts";
import { readResults } from "./results.ts";

const WORDS = { answers: "answers", wrong: "answers in part", refused: "refused", failed: "wrangler fails" };

/** The text of `docs/real-projects.md`. */
export function resultsPage(): string {
  const results = readResults();
  const of = (project: Project, wrangler: Wrangler): ProjectResult | undefined =>
    results.get(`${project.name} ${wrangler}`);
  const rows = PROJECTS.map((project) => row(project, of(project, "wrangler"), of(project, "wrangler-3")));
  const all = [...results.values()];
  const count = (verdict: ProjectResult["verdict"], wrangler: Wrangler): number =>
    all.filter((one) => one.verdict === verdict && one.wrangler === wrangler).length;
  const line = (title: string, wrangler: Wrangler): string =>
    `| ${title} | ${(["answers", "wrong", "refused", "failed"] as const).map((verdict) => count(verdict, wrangler)).join(" | ")} |`;
  return `# Real projects

Projects for Cloudflare Workers, deployed as they are by the stock wrangler, ${versionOf("wrangler")} and ${versionOf("wrangler-3")}, to a host of their own, and
asked afterwards. \`npm run projects\` fetches them from npm and GitHub (nothing of them is kept here), and ends with an error
where one is not as [the list](../test/projects/lists) expects; \`-- --record\` writes this page. Those that need no network run with
\`npm test\`.

| wrangler | answer | answer in part | refused, with a reason | wrangler fails |
| --- | --- | --- | --- | --- |
${line(versionOf("wrangler"), "wrangler")}
${line(versionOf("wrangler-3"), "wrangler-3")}

*Requests* is how many the worker was asked: where it answers, it answered all as it should, and nothing is said of what it was not
asked. What wrangler 3 does not know, it does not send, and the worker answers without it or not at all. *Unrouted* counts requests of wrangler's that the API has no
route for. Names of modules with \`node:\` are missing where a bundle leaves them to the runtime.

| project | from | asks for | wrangler 4 | wrangler 3 | requests | unrouted |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function row(project: Project, four: ProjectResult | undefined, three: ProjectResult | undefined): string {
  const found = four ?? three;
  return `| ${[
    project.name,
    origin(project.source),
    found?.needs.join(", ") ?? "",
    outcome(project, four),
    project.wrangler3 === undefined &&
    four !== undefined &&
    three?.verdict === four.verdict &&
    surprise(project, three) === null
      ? "the same"
      : outcome(project, three),
    String(found?.checks ?? 0),
    String((four?.unrouted.length ?? 0) + (three?.unrouted.length ?? 0)),
  ]
    .map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s+/g, " "))
    .join(" | ")} |`;
}

function origin(source: Source): string {
  if ("npm" in source) return `npm ${source.npm}`;
  if ("create" in source) return `npx ${source.create}`;
  return `${source.git}@${source.commit.slice(0, 8)}`;
}

function outcome(project: Project, result: ProjectResult | undefined): string {
  if (result === undefined) return "not tried";
  const { verdict, detail, wrangler } = result;
  if (wrangler === "wrangler-3" && project.wrangler3 !== undefined)
    return `does not know ${project.wrangler3}`;
  if (verdict === "answers")
    return project.unasked === undefined ? "answers" : `answers; not asked: ${project.unasked}`;
  const reason =
    typeof project.expect === "object" &&
    "refused" in project.expect &&
    detail.includes(project.expect.refused)
      ? project.expect.refused
      : detail;
  return `${WORDS[verdict]}: ${reason}`;
}

function versionOf(wrangler: Wrangler): string {
  return (JSON.parse(readFileSync(`node_modules/${wrangler}/package.json`, "utf8")) as { version: string })
    .version;
}
