import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type EventRecord, type WorkerUpload } from "../../src/index.ts";
import { WIDE_LIMITS } from "../limits/wide-limits.ts";

const CODE = `export default {
  async scheduled(controller, env) { await env.KV.put("fired", JSON.stringify([controller.cron, controller.scheduledTime])); },
}`;

function upload(crons: readonly string[]): WorkerUpload {
  const modules = [{ name: "i.js", type: "esm", content: CODE }] as const;
  return { name: "w", main: "i.js", modules, crons, kvNamespaces: [{ binding: "KV", id: "ns" }] };
}

test("a cron trigger fires the scheduled handler at the begin of a minute, once", async () => {
  const { promise: fired, resolve } = Promise.withResolvers<EventRecord>();
  await using host = await createHost({ limits: WIDE_LIMITS, onEvent: (event) => resolve(event) });
  await host.deploy(upload(["* * * * *", "0 0 29 2 *"]));
  assert.equal(host.control.worker("w")?.crons, ["* * * * *", "0 0 29 2 *"]);
  // There is no hurrying a clock: this takes up to a minute and ten seconds. A host alone keeps no process alive.
  const keepAlive = setInterval(() => {}, 1_000);
  const { kind, outcome } = await fired;
  clearInterval(keepAlive);
  assert.equal([kind, outcome], ["scheduled", "ok"]);
  const { value } = (await host.control.kv.get("default", "ns", "fired"))!;
  const [cron, timeMs] = JSON.parse(new TextDecoder().decode(value)) as [string, number];
  assert.is(cron, "* * * * *");
  assert.is(timeMs % 60_000, 0);
  assert.ok(Math.abs(Date.now() - timeMs) < 60_000);
});

test("cron triggers stay over deploys that name none, and wrong ones are refused", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS });
  await host.deploy(upload(["5 4 * * SUN"]));
  const { crons: _none, ...silent } = upload([]);
  await host.deploy(silent);
  assert.equal(host.control.worker("w")?.crons, ["5 4 * * SUN"]);
  const message = await host.deploy(upload(["@yearly", "* * * * *"])).then(
    () => "",
    (error: Error) => error.message,
  );
  assert.match(message, /crons\[0\]: .*@yearly/);
  assert.equal(host.control.worker("w")?.crons, ["5 4 * * SUN"]);
  host.control.setCrons("w", []);
  assert.equal(host.control.worker("w")?.crons, []);
});

test.run();
