import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PHASES, SHORT_SIZE, WHOLE } from "../../../../bench/laboratory/experiment.ts";
import { FIRST_TENANTS } from "../../../../bench/laboratory/experiments/ask-each.ts";
import { scratchFolder } from "../../../../bench/scratch-folder.ts";
import { countOf } from "../../../../bench/statistics/distribution.ts";
import { skerry } from "../../../../bench/subjects/skerry.ts";
import { measureSkerry } from "../measure-skerry.ts";
import { experimentOf, measureRecorded } from "../recording-server.ts";

for (const name of ["cold-tenant", "cold-bundle", "cold-bundle-cached", "cold-rate"]) {
  test(`${name} asks each tenant once, and counts none of the first ones`, async () => {
    const { asked, samples, site } = await measureRecorded(name, { size: { coldStarts: 6 } });
    assert.is(asked.tenants.length, site.tenants);
    assert.is(new Set(asked.tenants).size, site.tenants);
    assert.equal(new Set(asked.tenants.slice(0, FIRST_TENANTS)).isSupersetOf(new Set([0, 1, 2, 3])), true);
    assert.is(countOf(samples[WHOLE.name]!), site.tenants - FIRST_TENANTS);
  });
}

test("cold-tenant has the phases of the starts that count, which are the last ones", async () => {
  const start = (at: number): object => Object.fromEntries(PHASES.map(({ name }) => [name, at]));
  const { samples } = await measureRecorded("cold-tenant", {
    size: { coldStarts: 3 },
    control: (path) => {
      assert.is(path, "starts");
      return Array.from({ length: FIRST_TENANTS + 3 }, (_, at) => start(at));
    },
  });
  for (const { name } of PHASES) assert.equal(samples[name], [8, 9, 10], name);
});

test("cold-evicted finds no tenant warm: every single request starts an isolate", async () => {
  const { told, samples, size } = await measureSkerry("cold-evicted", { afterwards: "starts" });
  // Twelve that become warm first, and those that warm up, of tenants that had to go as well.
  const requests = 12 + FIRST_TENANTS + size.coldStarts;
  assert.is((told as unknown[]).length, requests);
  assert.is(countOf(samples["compile"]!), size.coldStarts);
});

test("cold-bundle starts without code caches, and cold-bundle-cached with one for each tenant", async () => {
  for (const [name, caches] of [
    ["cold-bundle", 0],
    ["cold-bundle-cached", 1],
  ] as const) {
    await using folder = await scratchFolder("experiment-test");
    const site = { ...experimentOf(name).site(SHORT_SIZE, ""), tenants: 1 };
    await skerry("in-process").prepare!(site, folder.path);
    const kept = join(folder.path, "code-cache");
    const found = existsSync(kept) ? readdirSync(kept).filter((file) => file.endsWith(".cache")) : [];
    assert.is(found.length, caches, name);
  }
});

test.run();
