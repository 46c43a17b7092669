import { test } from "uvu";
import * as assert from "uvu/assert";
import { SHORT_SIZE, WHOLE } from "../../../../bench/laboratory/experiment.ts";
import { tenantChoice } from "../../../../bench/load/tenant-choice.ts";
import { countOf } from "../../../../bench/statistics/distribution.ts";
import { SUBJECTS } from "../../../../bench/subjects/subjects.ts";
import { experimentOf, measureRecorded } from "../recording-server.ts";

test("tenants are all warm before the first sample, and are asked as Zipf's law says", async () => {
  const { asked, samples } = await measureRecorded("tenants-10", { memoryBytes: () => 7 * 2 ** 20 });
  assert.equal(asked.tenants.slice(0, 10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const later = asked.tenants.slice(10);
  const next = tenantChoice({ tenants: { first: 0, count: 10 }, choice: "zipf", seed: 1 });
  // Connections overtake each other.
  assert.equal(later.toSorted(), later.map(() => next()).toSorted());
  assert.ok(countOf(samples[WHOLE.name]!) < later.length, "what warms up is counted");
  assert.is(asked.connections, 16);
  assert.equal(samples["memory"], [7]);
});

test("with ten thousand tenants take part those that keep a bounded number of them", () => {
  const { admits, needs, site } = experimentOf("tenants-10000");
  const size = { ...SHORT_SIZE, mostTenants: 10_000 };
  assert.is(site(size, "").warmTenants, 1_000);
  const able = [...SUBJECTS.values()].filter(
    (subject) => needs.every((ability) => subject.abilities.includes(ability)) && admits!(subject, size),
  );
  assert.equal(
    able.map(({ name }) => name),
    ["skerry", "skerry-in-process", "workerd-lru"],
  );
  assert.ok(able.every(({ abilities }) => abilities.includes("evicts")));
});

test.run();
