import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { countOf } from "../../bench/statistics/distribution.ts";
import { readRecords } from "../../bench/laboratory/records.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { runCli } from "./run-cli.ts";

test("skerry bench measures a worker's cold starts by phase, warm requests and memory, and says what it is made of", async () => {
  using folder = projectFolder({
    "wrangler.json": JSON.stringify({ name: "shop", main: "src/index.ts", vars: { GREETING: "hello" } }),
    "src/index.ts": `import { table } from "./table.ts";
      export default { fetch: (request: Request, env: { GREETING: string }) =>
        new URL(request.url).pathname === "/cart" ? new Response(env.GREETING + table.length) : new Response("no", { status: 500 }) };`,
    "src/table.ts": "export const table = Array.from({ length: 1_000 }, (_, n) => ({ n }));",
  });
  const samples = join(folder.path, "samples.jsonl");
  const args = ["bench", folder.path, "--path", "/cart", "--rounds", "1", "--cold", "2", "--load-ms", "20"];
  const { exit, output } = await runCli([...args, "--cell", "in-process", "--json", samples]);
  assert.is(exit, 0, output);
  for (const expected of [
    /What its cold start is made of/,
    /worker {6}shop, asked for \/cart/,
    /src\/table\.ts +\d+ bytes/,
    /code cache {2}made/,
    /The smallest worker takes \d/,
    /Cold start of a version that served before {2}\[cold-served-before\]/,
    /^ +shop +\d.* smallest +\d|^ {4}smallest +\d/m,
    /^ {4}evaluate /m,
    /\[warm-64\]/,
    /\[density\]/,
  ])
    assert.match(output, expected);

  const records = await readRecords(samples);
  assert.equal(
    records.filter(({ type }) => type === "failure"),
    [],
  );
  const measured = records.filter((record) => record.type === "samples");
  assert.equal([...new Set(measured.map(({ subject }) => subject))], ["shop", "smallest", "shop-again"]);
  const phases = measured.find(({ experiment }) => experiment === "cold-never-served")!.samples;
  assert.equal([countOf(phases["compile"]!), countOf(phases["first turn"]!)], [2, 2]);
  assert.match(readFileSync(join(folder.path, "samples.html"), "utf8"), "<h3>Advice</h3>");
});

test("skerry bench --trace prints each step of the worker's requests, and --profile writes what the host did", async () => {
  using folder = projectFolder({ "index.js": "export default { fetch: () => new Response('hello') };" });
  const { exit, output } = await runCli(["bench", folder.path, "--trace", "--cell", "in-process"]);
  assert.is(exit, 0, output);
  assert.match(output, /^ {2}evaluate|^ {4}of it: evaluate +\d/m);
  // A step that only starts have has no time of the warm requests.
  assert.match(output, /^ {2}place +[\d.]+ [mu]s +src\/warm/m);
  assert.match(output, /^ {2}written +[\d.]+ [mu]s +[\d.]+ [mu]s +src\/http/m);

  const to = join(folder.path, "profiles");
  const args = ["--profile", to, "--load-ms", "50", "--cell", "in-process"];
  const profiled = await runCli(["bench", folder.path, ...args]);
  assert.is(profiled.exit, 0, profiled.output);
  const files = profiled.output.trim().split("\n").slice(-4);
  assert.equal(
    files.map((file) => file.split(sep).slice(-2).join("/")),
    ["cold/heap.json", "cold/host.cpuprofile", "warm/heap.json", "warm/host.cpuprofile"],
  );
  const read = (name: string): Record<string, unknown> =>
    JSON.parse(
      readFileSync(
        files.find((file) => file.endsWith(name))!,
        "utf8",
      ),
    ) as Record<string, unknown>;
  assert.ok(Array.isArray(read("cold/host.cpuprofile")["nodes"]));
  assert.ok((read("cold/heap.json")["isolates"] as unknown[]).length > 0);
});

test("skerry bench says at once when the worker fails", async () => {
  using folder = projectFolder({ "index.js": "export default { fetch: () => { throw new Error('no'); } };" });
  const { exit, output } = await runCli(["bench", folder.path]);
  assert.is(exit, 1);
  assert.match(output, "error: the worker answers / with status 500; measure a path that works");
});

for (const [args, message] of [
  [["--path", "cart"], '--path is "cart"; it must begin with /'],
  [["--compare", "none.jsonl"], '--compare is "none.jsonl"; there is no such file'],
  [["--pin", "all"], '--pin is "all"; it must be auto, off, or one of the processors'],
] as const) {
  test(`skerry bench ${args.join(" ")} is refused by name`, async () => {
    const { exit, output } = await runCli(["bench", ...args]);
    assert.is(exit, 1);
    assert.match(output, `error: ${message}`);
  });
}

test.run();
