import { readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { deployProject } from "./deploy-project.ts";
import type { Project, ProjectResult } from "./project.ts";
import { resultsPage } from "./table.ts";

const USAGE = `npm run projects -- --list FILE [--out FILE] [WORD...]

Deploys real projects with the stock wrangler, each to a host of its own, and asks their workers.

  --list FILE   JSON: a list of { name, folder, args?, checks? }; folders are relative to it
  --out FILE    writes the table there (default: standard output)
  WORD          only projects whose name contains one of them`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { list: { type: "string" }, out: { type: "string" }, help: { type: "boolean" } },
    allowPositionals: true,
  });
  if (values.help === true || values.list === undefined) {
    console.log(USAGE);
    process.exitCode = values.help === true ? 0 : 1;
    return;
  }
  const projects = JSON.parse(readFileSync(values.list, "utf8")) as Project[];
  const chosen = projects.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  const results: ProjectResult[] = [];
  for (const project of chosen) {
    const result = await deployProject(project, dirname(resolve(values.list)));
    console.error(
      `${result.verdict.padEnd(8)} ${result.name}: ${result.detail} ${result.unrouted.join(", ")}`,
    );
    results.push(result);
  }
  const { version } = JSON.parse(readFileSync("node_modules/wrangler/package.json", "utf8")) as {
    version: string;
  };
  const page = resultsPage(results, version);
  if (values.out === undefined) console.log(page);
  else writeFileSync(values.out, page);
}

await main();
