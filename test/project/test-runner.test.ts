import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

const RUNNER = resolve("test/run.ts");
const UVU = JSON.stringify(import.meta.resolve("uvu"));
const CELL = "process.env.SKERRY_TEST" + "_CELL";
const HEAD = `import { test } from ${UVU};\n`;

function runTests(
  files: Record<string, string>,
  args: string[] = [],
  /** Time in which a file has to exit after its tests, in ms: short only where it is to be over. */
  exitMs = 60_000,
): { code: number | null; output: string; last: string } {
  const root = mkdtempSync(join(tmpdir(), "skerry-runner-"));
  try {
    mkdirSync(join(root, "test"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "test", name), text);
    const env = { ...process.env, TEST_EXIT_TIMEOUT_MS: String(exitMs), TEST_FILE_TIMEOUT_MS: "300000" };
    Object.assign(env, { SKERRY_TEST_CELL: "" });
    const { status, stdout } = spawnSync(process.execPath, [RUNNER, ...args], {
      cwd: root,
      encoding: "utf8",
      env,
    });
    return { code: status, output: stdout, last: stdout.trimEnd().split("\n").at(-1) ?? "" };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const PASSING = `${HEAD}test("a", () => {}); test("b", () => {}); test.run();`;

test("run passes when every test passes, and counts them over files", () => {
  const { code, last } = runTests({ "a.test.ts": PASSING, "b.test.ts": PASSING });
  assert.is(last, "4 passed, 0 failed");
  assert.is(code, 0);
});

test("run fails when no file matches", () => {
  const { code, last } = runTests({ "a.test.ts": PASSING }, ["nothing-like-this"]);
  assert.is(last, "0 passed, 1 failed");
  assert.is(code, 1);
});

test("run takes part of a path and runs only what matches", () => {
  const { code, last } = runTests(
    { "a.test.ts": PASSING, "b.test.ts": `${HEAD}test("x", () => { throw new Error("no") }); test.run();` },
    ["test/a"],
  );
  assert.is(last, "2 passed, 0 failed");
  assert.is(code, 0);
});

test("run fails with the message of a failing test", () => {
  const { code, last, output } = runTests({
    "a.test.ts": `${HEAD}test("x", () => { throw new Error("seven is not eight") }); test("y", () => {}); test.run();`,
  });
  assert.match(output, "seven is not eight");
  assert.is(last, "1 passed, 1 failed");
  assert.is(code, 1);
});

test("run fails when a before hook throws, where uvu exits with 0", () => {
  const { code, last } = runTests({
    "a.test.ts": `${HEAD}test.before(() => { throw new Error("hook") }); test("x", () => {}); test.run();`,
  });
  assert.is(last, "0 passed, 1 failed");
  assert.is(code, 1);
});

test("run fails when a file has no test, never calls run, or skips", () => {
  for (const body of [
    "test.run();",
    "test('x', () => {});",
    "test('y', () => {}); test.skip('x', () => {}); test.run();",
    "test('y', () => {}); test.only('x', () => {}); test.run();",
  ]) {
    const { code, last } = runTests({ "a.test.ts": HEAD + body });
    assert.match(last, /^\d passed, 1 failed$/, body);
    assert.is(code, 1, body);
  }
});

test("run fails when a file crashes after its tests", () => {
  const { code, last } = runTests({
    "a.test.ts": `${HEAD}test("x", () => {}); test.run(); setTimeout(() => process.exit(7), 100);`,
  });
  assert.is(last, "1 passed, 1 failed");
  assert.is(code, 1);
});

test("run ends a file that does not exit and calls it failed", () => {
  const files = { "a.test.ts": `${HEAD}test("x", () => {}); test.run(); setInterval(() => {}, 1000);` };
  const { code, last, output } = runTests(files, [], 500);
  assert.match(output, "did not exit after its last test");
  assert.is(last, "1 passed, 1 failed");
  assert.is(code, 1);
});

test("run runs a file that reads SKERRY_TEST_CELL once per kind of cell", () => {
  const { code, last, output } = runTests({
    "a.test.ts": `${HEAD}test("x", () => { console.log("cell", ${CELL}); if (${CELL} === "process") throw new Error("second"); }); test.run();`,
  });
  assert.is(last, "1 passed, 1 failed");
  assert.match(output, "a.test.ts (process)");
  assert.is(code, 1);
});

/** Fails in the first of its runs only, or in each. */
const failing = (how: "once" | "always"): string =>
  `${HEAD}import { existsSync, writeFileSync } from "node:fs";
   const again = existsSync("ran");
   writeFileSync("ran", "");
   test("x", () => { if (!again || "${how}" === "always") throw new Error("stalled"); }); test.run();`;

test("run gives a file that failed beside others a second chance alone, and names it where it passes", () => {
  const { code, last, output } = runTests({ "a.test.ts": PASSING, "b.test.ts": failing("once") });
  assert.is(last, "3 passed, 0 failed");
  assert.match(output, "passed alone; to be mended:\n  test/b.test.ts: 1 of 1 tests did not pass");
  assert.is(code, 0);
});

test("run fails where a file fails twice, or fails alone, or where many failed", () => {
  const twice = runTests({ "a.test.ts": PASSING, "b.test.ts": failing("always") });
  assert.is(twice.last, "2 passed, 1 failed");
  assert.is(twice.code, 1);
  const alone = runTests({ "b.test.ts": failing("once") });
  assert.is(alone.last, "0 passed, 1 failed");
  assert.is(alone.code, 1);
  const names = ["a", "b", "c", "d", "e"].map((name) => `${name}.test.ts`);
  const once = failing("once").replaceAll('"ran"', "import.meta.filename + 'x'");
  const many = runTests(Object.fromEntries(names.map((name) => [name, once])));
  assert.is(many.last, "0 passed, 5 failed");
  assert.is(many.code, 1);
});

test.run();
