import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLIENT_LATE, THROUGHPUT, WHOLE } from "../../../../bench/laboratory/experiment.ts";
import { countOf } from "../../../../bench/statistics/distribution.ts";
import { measureRecorded } from "../recording-server.ts";

for (const connections of [1, 8, 64]) {
  test(`warm-${connections} asks one tenant over so many connections`, async () => {
    const { asked, samples } = await measureRecorded(`warm-${connections}`);
    assert.is(asked.connections, connections);
    assert.ok(countOf(samples[WHOLE.name]!) > 0);
    assert.is(countOf(samples[THROUGHPUT.name]!), 1);
    assert.equal(new Set(asked.tenants), new Set([0]));
  });
}

test("warm-rate sends as many requests as its rate says, however long each takes", async () => {
  const { asked, samples, size } = await measureRecorded("warm-rate");
  const due = (500 * size.loadMs) / 1_000;
  assert.equal([asked.tenants.length, countOf(samples[WHOLE.name]!)], [2 * due, due]);
  assert.is(countOf(samples[CLIENT_LATE.name]!), due);
});

test.run();
