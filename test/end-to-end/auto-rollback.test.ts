import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RollbackReport } from "../../src/index.ts";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

const FINE = `export default { fetch: () => new Response("fine") }`;
const BROKEN = `export default { fetch() { throw new Error("broken") } }`;

for (const cell of CELLS) {
  test(`a new version that fails gives its traffic back, which the list of deployments shows (${cell})`, async () => {
    const reports: RollbackReport[] = [];
    const autoRollback = { minRequests: 10 };
    await using at = await makeHost({ cell, autoRollback, onRollback: (report) => reports.push(report) });
    const { control } = at.host;
    const { id } = await control.deploy(upload("w", FINE));
    const worker = at.host.worker("w")!;
    for (let n = 0; n < 5; n++) assert.is((await worker.fetch("http://w/")).status, 200);
    const bad = await control.deploy(upload("w", BROKEN));
    for (let n = 0; n < 10; n++) await (await worker.fetch("http://w/")).text();
    await until("it went back", () => reports.length > 0);
    assert.equal([worker.versionId, reports[0]!.versionId], [id, bad.id]);
    assert.is(await (await worker.fetch("http://w/")).text(), "fine");
    const [current] = control.deployments("w");
    assert.equal([current!.versions, current!.note["author"]], [[{ versionId: id, percent: 100 }], "skerry"]);
    assert.match(current!.note["message"]!, "10 of its 10 events failed");
    // The upload itself may say that it stays.
    await control.deploy(upload("w", BROKEN, { autoRollback: false }));
    for (let n = 0; n < 20; n++) await (await worker.fetch("http://w/")).text();
    assert.is(reports.length, 1);
    assert.equal(at.faults, []);
  });
}

test("what an upload says of rolling back is checked", async () => {
  await using at = await makeHost();
  const setting = { errorRate: 0, windowMs: 1.5, often: 1 } as object;
  const error = await at.host.deploy(upload("w", FINE, { autoRollback: setting })).then(
    () => "",
    ({ message }: Error) => message,
  );
  for (const part of ["autoRollback.errorRate is 0", "autoRollback.windowMs is 1.5", "autoRollback.often"])
    assert.ok(error.includes(part), error);
});

test("the hosts of these tests close", closeHosts);

test.run();
