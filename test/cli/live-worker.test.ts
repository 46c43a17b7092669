import { test } from "uvu";
import * as assert from "uvu/assert";
import { LiveWorker } from "../../src/cli/live-worker.ts";
import { createHost, type WorkerUpload } from "../../src/index.ts";
import { loadWorker } from "../../wrangler-compat/load-worker.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { WIDE_LIMITS } from "../limits/wide-limits.ts";

const FILES = { "index.js": "export default { fetch: () => new Response('live') };" };

function upload(name: string, routes: readonly string[], account?: string): WorkerUpload {
  const content = `export default { fetch: () => new Response(${JSON.stringify(name)}) };`;
  return {
    name,
    main: "index.js",
    modules: [{ name: "index.js", type: "esm", content }],
    routes,
    ...(account !== undefined && { account }),
  };
}

test("of the workers that are there already, only what an earlier dev left goes", async () => {
  using folder = projectFolder(FILES);
  await using host = await createHost({ limits: WIDE_LIMITS, cell: "in-process" });
  await host.deploy(upload("kept", ["kept.localhost/*"]));
  await host.deploy(upload("foreign", ["foreign.localhost/*"], "other"));
  await host.deploy(upload("left", ["*/*"]));
  const live = new LiveWorker(host, folder.path, {}, await loadWorker(folder.path), ["*/*"]);
  assert.is(await live.deploy([live]), true);
  assert.is(await (await host.fetch("http://any.localhost/")).text(), "live");
  assert.is(await (await host.fetch("http://kept.localhost/")).text(), "kept");
  assert.is(await (await host.fetch("http://foreign.localhost/")).text(), "foreign");
  assert.is(host.worker("left"), undefined);
});

test("the same content is tried again after a deploy that failed", async () => {
  using folder = projectFolder(FILES);
  await using host = await createHost({ limits: WIDE_LIMITS, cell: "in-process" });
  await host.deploy(upload("foreign", ["*/*"], "other"));
  const live = new LiveWorker(host, folder.path, {}, await loadWorker(folder.path), ["*/*"]);
  assert.is(await live.deploy([live]), false);
  await host.delete("foreign", "other");
  assert.is(await live.deploy([live]), true);
  assert.is(await (await host.fetch("http://any.localhost/")).text(), "live");
});

test.run();
