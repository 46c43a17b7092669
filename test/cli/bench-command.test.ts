import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
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
  const { exit, output } = await runCli([...args, "--json", samples]);
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
  assert.equal([phases["compile"]!.length, phases["first turn"]!.length], [2, 2]);
  assert.match(readFileSync(join(folder.path, "samples.html"), "utf8"), "<h3>Advice</h3>");
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
  [["--pin", "all"], '--pin is "all"; it must be auto, off, or a processor'],
] as const) {
  test(`skerry bench ${args.join(" ")} is refused by name`, async () => {
    const { exit, output } = await runCli(["bench", ...args]);
    assert.is(exit, 1);
    assert.match(output, `error: ${message}`);
  });
}

test.run();
