import { test } from "uvu";
import * as assert from "uvu/assert";
import { Previews } from "../../src/control/previews.ts";
import { createHost, type EventRecord, type Host, type WorkerUpload } from "../../src/index.ts";
import type { Version } from "../../src/versions/version.ts";
import { WIDE_LIMITS } from "../limits/wide-limits.ts";

const ROUTES = ["w.test/*", "{version}-w.test.local/*"];

function upload(text: string, more: Partial<WorkerUpload> = {}): WorkerUpload {
  const content = `export default { fetch: (request, env) => new Response("${text}" + (env.TOKEN ?? "")) }`;
  return { name: "w", main: "i.js", modules: [{ name: "i.js", type: "esm", content }], ...more };
}

async function ask(host: Host, label: string, domain = "w.test.local"): Promise<string> {
  const response = await host.fetch(`http://${label}-${domain}/`);
  return response.status === 200 ? await response.text() : String(response.status);
}

test("a version answers at its own host by its id and alias, without taking part in traffic", async () => {
  const events: EventRecord[] = [];
  await using host = await createHost({ limits: WIDE_LIMITS, onEvent: (event) => events.push(event) });
  const { control } = host;
  const first = await control.deploy(upload("one", { routes: ROUTES, alias: "stable" }));
  const second = await control.uploadVersion(upload("two", { alias: "next" }));
  assert.is(second.alias, "next");
  assert.is(await ask(host, second.id.slice(0, 8)), "two");
  assert.is(await ask(host, second.id.slice(0, 8).toUpperCase()), "two");
  assert.is(await ask(host, "next"), "two");
  assert.is(await ask(host, first.id.slice(0, 8)), "one");
  assert.is(await ask(host, "stable"), "one");
  assert.is(await (await host.fetch("http://w.test/")).text(), "one");
  assert.equal(
    events.map(({ versionId }) => versionId),
    [second, second, second, first, first, first].map(({ id }) => id),
  );
  for (const label of ["00000000", "gone", second.id, second.id.slice(0, 7), "1' OR '1", "%", "________"])
    assert.is(await ask(host, encodeURIComponent(label).replaceAll("%", "_")), "404", label);
  // The newest version that has an alias answers to it, and secrets do not move it.
  await control.uploadVersion(upload("three", { alias: "next" }));
  assert.is(await ask(host, "next"), "three");
  await control.secrets.put("w", "TOKEN", " secret");
  assert.is(await ask(host, "stable"), "one");
  assert.is(await (await host.fetch("http://w.test/")).text(), "one secret");
});

test("previews end with their route and their worker, and none reaches another account's versions", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS });
  const { control } = host;
  const mine = await control.deploy(upload("mine", { routes: ROUTES }));
  const theirs = await control.deploy(
    upload("theirs", { account: "other", routes: ["{version}-w.other.local/*", "abcdef12-w.test.local/*"] }),
  );
  assert.is(await ask(host, theirs.id.slice(0, 8)), "404");
  assert.is(await ask(host, mine.id.slice(0, 8), "w.other.local"), "404");
  assert.is(await ask(host, theirs.id.slice(0, 8), "w.other.local"), "theirs");
  // An exact host is its owner's, whatever a pattern of versions says.
  assert.is(await ask(host, "abcdef12"), "theirs");
  const taken = control.setRoutes("w", ["{version}-w.test.local/*"], "other");
  assert.is(await taken.catch((error: { code: string }) => error.code), "ROUTE_TAKEN");
  await control.setRoutes("w", ["w.test/*"]);
  assert.is(await ask(host, mine.id.slice(0, 8)), "404");
  await control.setRoutes("w", ROUTES);
  assert.is(await ask(host, mine.id.slice(0, 8)), "mine");
  await control.delete("w");
  assert.is(await ask(host, mine.id.slice(0, 8)), "404");
  const again = await control.deploy(upload("again", { routes: ROUTES }));
  assert.is(await ask(host, mine.id.slice(0, 8)), "404");
  assert.is(await ask(host, again.id.slice(0, 8)), "again");
});

test("an alias that is no label of a host is refused", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS });
  for (const alias of ["", "1st", "Upper", "a_b", "a.b", "end-", "a".repeat(61)])
    assert.match(
      await host.control.deploy(upload("x", { alias })).then(
        () => "",
        (error: Error) => error.message,
      ),
      `alias is ${JSON.stringify(alias).slice(0, 60)}`,
    );
});

test("Previews keeps what was found, but no more than a thousand, and looks anew after a change", () => {
  let looks = 0;
  const previews = new Previews({
    find: (_account, _worker, label) => (label === "no" ? null : label),
    restore: (account, worker, id) => (looks++, { account, worker, id } as Version),
  });
  for (const label of ["a", "no", "a", "no"]) previews.find("acme", "w", label);
  assert.is(looks, 1);
  previews.forget("acme", "other");
  previews.find("acme", "w", "a");
  assert.is(looks, 1);
  previews.forget("acme", "w");
  previews.find("acme", "w", "a");
  assert.is(looks, 2);
  for (let n = 0; n < 1_000; n++) previews.find("acme", "w", `n${n}`);
  previews.find("acme", "w", "n999");
  assert.is(looks, 1_002);
  previews.find("acme", "w", "a");
  assert.is(looks, 1_003);
});

test("a worker with many previews pushes out its own alone", () => {
  const restored: string[] = [];
  const previews = new Previews({
    find: (_, worker, label) => `${worker}-${label}`,
    restore: (_account, _worker, id) => {
      restored.push(id);
      return { id } as Version;
    },
  });
  previews.find("a", "calm", "one");
  for (let label = 0; label < 2_000; label++) previews.find("a", "busy", String(label));
  restored.length = 0;
  previews.find("a", "calm", "one");
  assert.equal(restored, []);
  previews.find("a", "busy", "1999");
  previews.find("a", "busy", "5");
  assert.equal(restored, ["busy-5"]);
});

test("an exception of a worker that was deleted meanwhile is told as it is, and nothing else happens", async () => {
  const logs: string[] = [];
  await using host = await createHost({ limits: WIDE_LIMITS, onLog: ({ text }) => logs.push(text) });
  const content = `export default { async fetch() { console.log("begun"); await scheduler.wait(200); throw new Error("last words"); } }`;
  const worker = await host.deploy({
    name: "w",
    main: "i.js",
    modules: [{ name: "i.js", type: "esm", content }],
  });
  const answer = worker.fetch("http://w.test/");
  while (!logs.includes("begun")) await new Promise((resolve) => setTimeout(resolve, 5));
  await host.control.delete("w");
  assert.is((await answer).status, 500);
  const hasEnded = (): boolean => logs.some((text) => text.includes("last words"));
  for (const endMs = Date.now() + 120_000; !hasEnded() && Date.now() < endMs;)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.match(logs.join("\n"), "last words");
});

test.run();
