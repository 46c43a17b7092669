import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { deployProject } from "./deploy-project.ts";
import type { Project, ProjectResult } from "./project.ts";
import { resultsPage } from "./table.ts";

const USAGE = `npm run projects -- --list FILE [--results FILE] [--out FILE] [WORD...]

Deploys real projects with the stock wrangler, each to a host of its own, and asks their workers.

  --list FILE     JSON: a list of { name, folder, args?, checks? }; folders are relative to it
  --results FILE  JSON: keeps what came of each, so that some may be tried anew
  --out FILE      writes the table there (default: standard output)
  WORD            only projects whose name contains one of them`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      list: { type: "string" },
      results: { type: "string" },
      out: { type: "string" },
      help: { type: "boolean" },
    },
    allowPositionals: true,
  });
  const { list, results: file, out } = values;
  if (values.help === true || list === undefined) {
    console.log(USAGE);
    process.exitCode = values.help === true ? 0 : 1;
    return;
  }
  const projects = readJson<Project[]>(list);
  const results = new Map<string, ProjectResult>();
  if (file !== undefined && existsSync(file))
    for (const result of readJson<ProjectResult[]>(file)) results.set(result.name, result);
  for (const project of projects) {
    if (positionals.length > 0 && !positionals.some((word) => project.name.includes(word))) continue;
    const result = await deployProject(project, dirname(resolve(list)));
    console.error(
      `${result.verdict.padEnd(8)} ${result.name}: ${result.detail} ${result.unrouted.join(", ")}`,
    );
    results.set(result.name, result);
    if (file !== undefined) writeFileSync(file, `${JSON.stringify([...results.values()], null, 2)}\n`);
  }
  const { version } = readJson<{ version: string }>("node_modules/wrangler/package.json");
  const page = resultsPage(
    projects.flatMap(({ name }) => results.get(name) ?? []),
    version,
  );
  if (out === undefined) console.log(page);
  else writeFileSync(out, page);
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

await main();
