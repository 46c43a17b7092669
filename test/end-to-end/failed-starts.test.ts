import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Host, WorkerUpload } from "../../src/index.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { CELLS, closeHosts, makeHost, upload } from "./fixture.ts";

const FINE = `export default { fetch: () => new Response("fine") }`;

/** What starts today and does not after the host was started anew with lower limits, by what is said of it. */
const STARTS_ONCE: Readonly<Record<string, string>> = {
  "top level used more CPU": `for (let i = 0, x = 1; i < 2e8; i++) x = (x * 7) % 11; ${FINE}`,
  // Large at one go: what grows bit by bit is collected on the way, and that is CPU.
  "top level used more memory": `const kept = new Array(6e6).fill(1.5); ${FINE}; globalThis.kept = kept;`,
  "Error: too late": `if (Date.now() > EXPIRES) throw new Error("too late"); ${FINE}`,
};

async function serving(host: Host): Promise<string> {
  return await (await host.fetch("http://w.test/")).text();
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "it was accepted",
    ({ message }: Error) => message,
  );
}

for (const cell of CELLS) {
  test(`a version whose start fails takes no traffic: all of it, a part, or by rollback (${cell})`, async () => {
    using folder = tempFolder();
    let expires = 0;
    const bad: Record<string, string> = {};
    let fine = "";
    {
      const limits = { startupCpuMs: 10_000, memoryMb: 512 };
      await using at = await makeHost({ cell, dataFolder: folder.path, limits });
      const { control } = at.host;
      for (const [says, source] of Object.entries(STARTS_ONCE)) {
        const expiring = says.startsWith("Error");
        for (let lifeMs = 2_000; bad[says] === undefined; lifeMs *= 2) {
          expires = Date.now() + lifeMs;
          const code: WorkerUpload = upload("w", source.replace("EXPIRES", String(expires)));
          // The first two took all traffic once: going back to them is a rollback.
          const made = expiring ? control.uploadVersion(code) : control.deploy(code);
          // A machine that stands still may come too late: then it is made once more, to live for longer.
          const version = await made.catch((error: Error) => {
            if (!expiring || !error.message.includes(says)) throw error;
          });
          if (version !== undefined) bad[says] = version.id;
        }
      }
      fine = (await control.deploy(upload("w", FINE, { routes: ["w.test/*"] }))).id;
    }
    const limits = { startupCpuMs: 250, memoryMb: 16 };
    await using at = await makeHost({ cell, dataFolder: folder.path, limits });
    const { control } = at.host;
    const before = control.deployments("w");
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, expires + 1 - Date.now())));
    for (const [says, versionId] of Object.entries(bad)) {
      const whole = control.deployVersions("w", [{ versionId, percent: 100 }]);
      assert.match(await refusal(whole), says);
      const part = control.deployVersions("w", [
        { versionId: fine, percent: 99 },
        { versionId, percent: 1 },
      ]);
      assert.match(await refusal(part), says);
      const again = upload("w", STARTS_ONCE[says]!.replace("EXPIRES", String(expires)));
      assert.match(await refusal(control.deploy(again)), says);
      assert.match(await refusal(control.uploadVersion(again)), says);
      assert.is(await serving(at.host), "fine");
    }
    assert.equal(control.deployments("w"), before);
    assert.is(control.versions("w").length, 4, "nothing was stored");
    assert.equal(at.faults, []);
  });
}

test("the hosts of these tests close", closeHosts);

test.run();
