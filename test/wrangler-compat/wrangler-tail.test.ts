import { test } from "uvu";
import * as assert from "uvu/assert";
import { startCli } from "../cli/run-cli.ts";
import { type Project, WranglerHost } from "./wrangler-host.ts";
import type { Wrangler } from "./wranglers.ts";

const CODE = `export default {
  fetch(request) {
    const { pathname } = new URL(request.url);
    console.log("said", pathname);
    if (pathname.includes("/throw")) throw new TypeError("on purpose");
    return new Response("ok");
  },
};`;

/** What tails are to see of it, and what not. */
async function traffic({ host }: Project, name: string): Promise<void> {
  await host.ask(name, "/plain");
  await host.ask(name, "/throw");
  await host.ask(name, "/marked", { "x-mark": "blue-7", authorization: "Bearer hidden" });
  await host.ask(name, "/posted", {}, "POST");
  // It passes each filter but that of another address, and tells that what was before it has come.
  await host.ask(name, "/plain/throw/end", { "x-mark": "blue-8" }, "POST");
  await host.ask(name, "/last");
}

/** What a tail chooses, and the path that it shows last. */
type Choice = readonly [filter: readonly string[], last: "/plain/throw/end" | "/last" | null];

/** Starts tails with filters, and gives what each one showed. */
async function tails(
  project: Project,
  wrangler: Wrangler,
  name: string,
  choices: readonly Choice[],
): Promise<string[]> {
  await using runs = new AsyncDisposableStack();
  const all = choices.map(([filter]) =>
    runs.use(project.start(wrangler, ["tail", name, "--format", "pretty", ...filter])),
  );
  for (const run of all) await run.waitFor(/waiting for logs/);
  await traffic(project, name);
  for (const [index, [, last]] of choices.entries())
    if (last !== null) await all[index]!.waitFor(new RegExp(`said ${last}\\s`));
  return all.map(({ output }) => output);
}

test("wrangler tail shows requests, logs and errors, by filters, in both formats", async () => {
  await using host = await WranglerHost.start();
  const config = `{ "name": "talk", "main": "index.js", "compatibility_date": "2026-07-01" }`;
  const project = host.project("talk", { "wrangler.jsonc": config, "index.js": CODE });
  const [, version = ""] = /Version ID: (\S+)/.exec(await project.run("wrangler", ["deploy"])) ?? [];
  await using own = startCli(["tail", "talk", "--data", "data"], host.folder.path);
  await using json = project.start("wrangler", ["tail", "talk", "--format", "json"]);
  // In this form it does not say that it is there.
  let isThere = false;
  const there = json.waitFor(/said \/there/).then(() => void (isThere = true));
  while (!isThere) {
    await host.ask("talk", "/there");
    await Promise.race([there, new Promise((resolve) => setTimeout(resolve, 200))]);
  }
  const [all = "", errors = "", posts = "", marked = "", other = "", searched = ""] = await tails(
    project,
    "wrangler",
    "talk",
    [
      [["--version-id", version], "/last"],
      [["--status", "error"], "/plain/throw/end"],
      [["--method", "POST"], "/plain/throw/end"],
      [["--header", "x-mark:blue", "--ip", "self"], "/plain/throw/end"],
      [["--ip", "192.0.2.7"], null],
      [["--search", "/plain", "--sampling-rate", "0.999999"], "/plain/throw/end"],
    ],
  );
  assert.match(all, /GET http:\/\/talk\.localhost:\d+\/plain - Ok @/);
  assert.match(all, /\(log\) said \/plain/);
  assert.match(all, /\/throw - Exception Thrown @/);
  assert.match(all, /TypeError: on purpose/);
  const end = "/plain/throw/end";
  const shown = (output: string): string[] =>
    [...output.matchAll(/\(log\) said (\S+)/g)].map(([, path]) => path!);
  assert.equal(shown(all), ["/plain", "/throw", "/marked", "/posted", end, "/last"]);
  assert.equal([errors, posts, marked, other, searched].map(shown), [
    ["/throw", end],
    ["/posted", end],
    ["/marked", end],
    [],
    ["/plain", end],
  ]);
  await json.waitFor(/\/last/);
  assert.match(json.output, /"scriptName": "talk"/);
  assert.match(json.output, /"outcome": "exception"/);
  assert.match(json.output, /"message": \[\s*"said \/plain"\s*\]/);
  assert.match(json.output, /"x-mark": "blue-7"/);
  assert.match(json.output, /"authorization": "REDACTED"/);
  assert.not.match(json.output + all, /hidden/);
  // wrangler 3 while 4 is still there.
  const [three = ""] = await tails(project, "wrangler-3", "talk", [[["--method", "GET"], "/last"]]);
  assert.equal(shown(three), ["/plain", "/throw", "/marked", "/last"]);
  await own.waitFor(/said \/last[^]*GET \/last 200/);
  assert.equal(host.unrouted, []);
});

test.run();
