import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type Host } from "../../src/index.ts";

/*
 * The small suite of our own, which needs no checkout: every web API, each file in an isolate of its own, in
 * the kind of cell that the environment names.
 */

const FOLDER = join(import.meta.dirname, "own");
const HARNESS = readFileSync(join(FOLDER, "harness.js"), "utf8");
const MAIN = `import run from "./test.cjs";
export default { fetch: async () => new Response(await run()) };
`;

let shared: Promise<Host> | undefined;

function host(): Promise<Host> {
  const cell = process.env["SKERRY_TEST_CELL"] === "process" ? "process" : "in-process";
  return (shared ??= createHost({
    cell,
    cells: 1,
    limits: { cpuMs: 60_000, startupCpuMs: 10_000, wallMs: 120_000, subrequests: 1_000 },
  }));
}

interface Result {
  readonly name: string;
  readonly error?: string;
}

for (const file of globSync("*.any.js", { cwd: FOLDER }).toSorted()) {
  test(`${file.replace(".any.js", "")} works as its standard says`, async () => {
    const source = readFileSync(join(FOLDER, file), "utf8");
    const content = `module.exports = () => { ${HARNESS}\n${source}\nreturn runAll(); };`;
    const worker = await (
      await host()
    ).deploy({
      name: "own",
      main: "main.js",
      modules: [
        { name: "main.js", type: "esm", content: MAIN },
        { name: "test.cjs", type: "cjs", content },
      ],
    });
    const response = await worker.fetch("http://own.test/");
    const text = await response.text();
    assert.is(response.status, 200, text);
    const results = JSON.parse(text) as Result[];
    assert.ok(results.length > 0, "no test ran");
    assert.equal(
      results.filter(({ error }) => error !== undefined),
      [],
    );
  });
}

test("the host of the suite closes", async () => {
  await (await host()).close(0);
});

test.run();
