import { test } from "uvu";
import * as assert from "uvu/assert";
import { DEPLOYS, GOOD } from "./cases/deploys.ts";
import { Rig } from "./rig.ts";

const cell = process.env["SKERRY_TEST_CELL"] === "process" ? "process" : "in-process";
let rig: Rig | undefined;

for (const { number, name, upload, says } of DEPLOYS) {
  test(`${number}. ${name} is refused (${cell})`, async () => {
    rig ??= await Rig.start(cell);
    const startMs = performance.now();
    const as = { account: "hostile", name: "deployed", main: "index.js" };
    const modules = [{ name: "index.js", type: "esm", content: GOOD }] as const;
    const earlier = rig.host.worker(as.name, as.account) ?? (await rig.host.deploy({ ...as, modules }));
    const refusal = await rig.host.deploy({ ...as, modules, ...upload }).then(
      () => null,
      (error: Error & { code?: string }) => error,
    );
    assert.ok(refusal !== null, "it was taken");
    assert.match(refusal.code ?? refusal.message, /SCRIPT_REFUSED|INVALID_UPLOAD/);
    assert.match(refusal.message, says);
    assert.not.match(refusal.message, /node_modules|file:\/\/|\/src\//);
    assert.is(await (await earlier.fetch("http://x/")).text(), "the earlier version");
    await rig.neighbour.settle();
    assert.equal(rig.neighbour.errorsSince(startMs), []);
    assert.equal(rig.faults, []);
  });
}

test(`the host closes (${cell})`, async () => {
  await rig?.[Symbol.asyncDispose]();
});

test.run();
