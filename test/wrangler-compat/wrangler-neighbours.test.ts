import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, WranglerHost } from "./wrangler-host.ts";

const BACK = `export default { fetch: (request) => new Response("back " + new URL(request.url).pathname) };`;
const FRONT = `export default {
  fetch: async (request, env) => new Response("front of " + (await (await env.BACK.fetch(request)).text())),
  scheduled() {},
};`;
const DATE = "2026-07-01";

/** Crons and routes that the host holds. */
async function heldOf({ host }: Project): Promise<readonly unknown[]> {
  const { schedules } = (await host.api("/workers/scripts/front/schedules")) as {
    schedules: { cron: string }[];
  };
  return [schedules.map(({ cron }) => cron), await host.api("/workers/scripts/front/routes")];
}

function frontConfig(crons: readonly string[], routes: readonly unknown[]): string {
  const services = [{ binding: "BACK", service: "back" }];
  return JSON.stringify({
    ...{ name: "front", main: "index.js", compatibility_date: DATE },
    ...{ workers_dev: true, services, routes, triggers: { crons } },
  });
}

test("wrangler deploys workers that depend on each other, with routes and crons, and asks before one is deleted", async () => {
  await using host = await WranglerHost.start();
  const back = host.project("back", {
    "index.js": BACK,
    "wrangler.jsonc": JSON.stringify({ name: "back", main: "index.js", compatibility_date: DATE }),
  });
  const domain = { pattern: "whole.example", custom_domain: true };
  const front = host.project("front", {
    "index.js": FRONT,
    "wrangler.jsonc": frontConfig(["*/5 * * * *"], ["front.example/shop/*", domain]),
  });
  // Whoever is bound has to be there first.
  assert.match(await front.fail("wrangler", ["deploy"]), /back/);
  await back.run("wrangler", ["deploy"]);
  await front.run("wrangler", ["deploy"]);
  assert.equal(await heldOf(front), [["*/5 * * * *"], ["front.example/shop/*"]]);
  assert.is(await host.ask("front", "/a"), "200 front of back /a");
  assert.is(await host.ask("front.example", "/shop/b"), "200 front of back /shop/b");
  assert.match(await host.ask("front.example", "/b"), /^404/);
  assert.is(await host.ask("whole.example", "/c"), "200 front of back /c");

  front.write("wrangler.jsonc", frontConfig(["0 3 * * mon", "15 * * * *"], ["other.example/*"]));
  await front.run("wrangler", ["triggers", "deploy"]);
  assert.equal(await heldOf(front), [["0 3 * * mon", "15 * * * *"], ["other.example/*"]]);
  assert.is(await host.ask("other.example", "/d"), "200 front of back /d");
  assert.match(await host.ask("front.example", "/shop/b"), /^404/);

  // Where nobody can be asked wrangler goes on, once it has said who depends on it.
  const deleted = await back.run("wrangler", ["delete"]);
  assert.match(
    deleted,
    /back is currently in use by other Workers:[^]*Worker front uses this Worker as a Service Binding/,
  );
  assert.match(await host.ask("back"), /^404/);
  assert.match(await host.ask("front", "/a"), /^500/);
  assert.equal(host.unrouted, []);
});

test.run();
