import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { deployProject } from "./deploy-project.ts";
import { fetchProject } from "./fetch-project.ts";
import { WRANGLERS } from "../wrangler-compat/wranglers.ts";
import { surprise } from "./project.ts";
import { PROJECTS } from "./projects.ts";
import { readResults, writeResults } from "./results.ts";
import { resultsPage } from "./table.ts";

const USAGE = `npm run projects -- [--work DIR] [--git-base URL] [--record] [WORD...]

Fetches real projects from npm and GitHub, deploys each as it is with the stock wranglers 4 and 3, to a host of its own on
loopback, and asks their workers. Ends with 1 where one is not as test/projects/lists/ expects, or has an unrouted request.

  --work DIR      keeps what was fetched (default: a folder for temporary files)
  --git-base URL  what stands before owner/name (default: https://github.com/)
  --record        keeps what came of it, and writes docs/real-projects.md
  WORD            only projects whose name contains one of them`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      work: { type: "string", default: join(tmpdir(), "skerry-projects") },
      "git-base": { type: "string", default: "https://github.com/" },
      record: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(USAGE);
  const results = readResults();
  const wanted = PROJECTS.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  for (const project of wanted) {
    try {
      const folder = fetchProject(project, { work: values.work, gitBase: values["git-base"] });
      for (const wrangler of WRANGLERS) {
        const result = await deployProject(project, folder, wrangler);
        const problem = surprise(project, result);
        if (problem !== null) process.exitCode = 1;
        console.error(
          `${problem === null ? "as expected" : "NOT AS EXPECTED"} ${project.name} by ${wrangler}: ${problem ?? result.verdict}`,
        );
        results.set(`${project.name} ${wrangler}`, result);
        if (values.record) writeResults(results);
      }
    } catch (error) {
      process.exitCode = 1;
      console.error(`NOT TRIED ${project.name}: ${String(error).slice(0, 400)}`);
    }
  }
  if (values.record) writeFileSync("docs/real-projects.md", resultsPage());
}

await main();
