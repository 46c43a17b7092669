import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type Host, type WorkerUpload } from "../../src/index.ts";
import { WIDE_LIMITS } from "../limits/wide-limits.ts";

const CELL = (process.env["SKERRY_TEST_CELL"] ?? "in-process") as "in-process" | "process";
const DEPLOYS = 24;
const CLIENTS = 8;

function upload(number: number, routes: readonly string[] = ["w.test/*"]): WorkerUpload {
  const waitMs = (number % 3) * 5;
  const content = `export default { async fetch(request) {
    const { length } = await request.text();
    await new Promise((resolve) => setTimeout(resolve, ${waitMs}));
    return new Response("${number} " + length);
  } }`;
  return { name: "w", main: "i.js", modules: [{ name: "i.js", type: "esm", content }], routes };
}

/** Asks without a break; gives what was not answered as it should, and how many requests there were. */
async function load(host: Host, isOver: () => boolean): Promise<{ wrong: string[]; count: number }> {
  const wrong: string[] = [];
  let count = 0;
  const client = async (): Promise<void> => {
    while (!isOver()) {
      const size = (count++ % 4) * 1_000;
      const init = size === 0 ? {} : { method: "POST", body: "x".repeat(size) };
      const response = await host.fetch("http://w.test/", init);
      const text = await response.text();
      if (response.status !== 200 || !text.endsWith(` ${size}`)) wrong.push(`${response.status} ${text}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { wrong, count };
}

test("no request fails while a worker is deployed, rolled back and shared among versions again and again", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
  const { control } = host;
  const ids = [(await control.deploy(upload(0))).id];
  let isOver = false;
  const loaded = load(host, () => isOver);
  for (let number = 1; number <= DEPLOYS; number++) {
    if (number % 3 === 1) ids.push((await control.deploy(upload(number))).id);
    else if (number % 3 === 2) {
      ids.push((await control.uploadVersion(upload(number))).id);
      await control.deployVersions("w", [{ versionId: ids.at(-1)!, percent: 100 }]);
    } else {
      const [old, fresh] = [ids[ids.length >> 1]!, ids.at(-1)!];
      await control.deployVersions("w", [
        { versionId: old, percent: 70 },
        { versionId: fresh, percent: 30 },
      ]);
    }
    // One that cannot start takes no traffic, and one whose routes are refused neither.
    const broken = {
      ...upload(number),
      modules: [{ name: "i.js", type: "esm" as const, content: "throw 1" }],
    };
    await control.deploy(broken).then(
      () => assert.unreachable(),
      () => {},
    );
  }
  isOver = true;
  const { wrong, count } = await loaded;
  assert.equal(wrong, []);
  assert.ok(count > DEPLOYS, String(count));
});

test("changes of one worker at the same time leave it as one of them made it", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
  const { control } = host;
  const { id } = await control.deploy(upload(0));
  const jobs = Array.from({ length: 24 }, async (_, number): Promise<unknown> => {
    if (number % 6 === 0) return await control.delete("w");
    if (number % 6 === 1) return await control.deployVersions("w", [{ versionId: id, percent: 100 }]);
    if (number % 6 === 2) return await control.setRoutes("w", [`r${number}.test/*`]);
    if (number % 6 === 3) return await control.update("w", () => ({ settings: { number } }));
    return await control.deploy(upload(number, [`r${number}.test/*`]));
  });
  for (const result of await Promise.allSettled(jobs))
    if (result.status === "rejected")
      assert.ok(["NO_SUCH_WORKER", "NO_SUCH_VERSION"].includes(result.reason.code), String(result.reason));
  const { routes } = control.worker("w")!;
  assert.is(routes.length, 1);
  const [active] = control.deployments("w");
  assert.is(control.version(active!.versions[0]!.versionId, "w")?.id, active!.versions[0]!.versionId);
  for (let number = 0; number < 24; number++) {
    const expected = routes[0] === `r${number}.test/*` ? 200 : 404;
    assert.is((await host.fetch(`http://r${number}.test/`)).status, expected, String(number));
  }
});

test.run();
