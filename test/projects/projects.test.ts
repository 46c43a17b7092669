import { test } from "uvu";
import * as assert from "uvu/assert";
import { WRANGLERS } from "../wrangler-compat/wranglers.ts";
import { deployProject } from "./deploy-project.ts";
import { installedFolder } from "./fetch-project.ts";
import { INSTALLED_PROJECTS } from "./lists/npm-projects.ts";
import { type ProjectResult, surprise } from "./project.ts";
import { PROJECTS } from "./projects.ts";
import { readResults } from "./results.ts";

test("projects of packages that are installed deploy unmodified by wrangler 4 and 3, and answer", async () => {
  const runs = WRANGLERS.map(async (wrangler) => {
    for (const project of INSTALLED_PROJECTS) {
      const folder = installedFolder(project.source);
      assert.ok(folder, project.name);
      const result = await deployProject(project, folder, wrangler);
      assert.is(surprise(project, result), null, `${project.name} by ${wrangler}`);
    }
  });
  // The other one comes to its end as well, so that nothing of it is left.
  for (const run of await Promise.allSettled(runs)) if (run.status === "rejected") throw run.reason;
});

test("the list has each project once, with checks where it should answer, and what was recorded is as it expects", () => {
  assert.is(new Set(PROJECTS.map(({ name }) => name)).size, PROJECTS.length);
  const results = readResults();
  for (const project of PROJECTS)
    for (const wrangler of WRANGLERS) {
      const result = results.get(`${project.name} ${wrangler}`);
      if (result !== undefined) assert.is(surprise(project, result), null, `${project.name} by ${wrangler}`);
    }
});

test("surprise() tells of another end, another reason, and requests without a route", () => {
  const project = { name: "a", source: { npm: "a@1.0.0" }, expect: { refused: "no D1" } } as const;
  const result: ProjectResult = {
    ...{ name: "a", wrangler: "wrangler", needs: [], checks: 0 },
    ...{ verdict: "refused", detail: "there is no D1 here", unrouted: [] },
  };
  assert.is(surprise(project, result), null);
  assert.match(surprise(project, { ...result, detail: "other" }) ?? "", "refused: other");
  assert.match(surprise(project, { ...result, verdict: "answers" }) ?? "", "answers");
  assert.match(surprise(project, { ...result, unrouted: ["GET /x"] }) ?? "", "GET /x");
  assert.match(surprise({ ...project, expect: "answers" }, result) ?? "", "refused");
});

test.run();
