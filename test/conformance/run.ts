import { writeFileSync } from "node:fs";
import { compare, readExpectations, renew, type UnitExpectation, writeExpectations } from "./expectations.ts";
import { HELP, readOptions, type RunOptions } from "./options.ts";
import { readTest, type TestUnit } from "./read-test.ts";
import type { ConformanceRuntime, UnitResult } from "./runtimes/runtime.ts";
import { startRuntime } from "./runtimes/start-runtime.ts";
import type { Suite } from "./suites.ts";
import { HOW_TO_GET_ONE, isCheckout, suiteFiles } from "./wpt-checkout.ts";
import { WptServer } from "./wpt-server.ts";
import { timesOf, wrapTest } from "./wrap-test.ts";

/** Results of a suite by unit. */
type SuiteResults = Map<string, UnitResult>;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") {
    console.log(HELP);
    return 0;
  }
  const { checkout } = options;
  if (checkout === undefined || !isCheckout(checkout)) {
    console.error(
      checkout === undefined
        ? HOW_TO_GET_ONE
        : `${checkout} is no checkout of web-platform-tests\n\n${HOW_TO_GET_ONE}`,
    );
    return 2;
  }
  await using server = await WptServer.start(checkout);
  await using runtime = await startRuntime(options.runtime, options.jobs);
  const all: Record<string, Record<string, UnitResult>> = {};
  let worse = 0;
  for (const suite of options.suites) {
    const results = await runSuite(checkout, suite, runtime, server.origin, options);
    all[suite.name] = Object.fromEntries(results);
    summarize(suite.name, results);
    if (options.runtime === "skerry")
      worse += options.update ? renewSuite(suite.name, results) : compareSuite(suite.name, results);
  }
  if (options.out !== undefined)
    writeFileSync(options.out, JSON.stringify({ runtime: runtime.name, suites: all }));
  return worse > 0 ? 1 : 0;
}

async function runSuite(
  checkout: string,
  suite: Suite,
  runtime: ConformanceRuntime,
  origin: string,
  { jobs, only, patience, verbose }: RunOptions,
): Promise<SuiteResults> {
  const queue = suiteFiles(checkout, suite)
    .flatMap((file) => readTest(checkout, file))
    .filter(({ id }) => id.includes(only));
  const results: SuiteResults = new Map(queue.map(({ id }) => [id, { ended: "not run", results: [] }]));
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      for (let unit = queue.shift(); unit !== undefined; unit = queue.shift()) {
        const result = await runUnit(checkout, unit, runtime, origin, patience);
        results.set(unit.id, result);
        printUnit(unit, result, verbose);
      }
    }),
  );
  return results;
}

async function runUnit(
  checkout: string,
  unit: TestUnit,
  runtime: ConformanceRuntime,
  origin: string,
  patience: number,
): Promise<UnitResult> {
  try {
    const times = timesOf(unit, patience);
    const test = await wrapTest(checkout, unit, origin, times);
    const { ended, results } = await runtime.run(test, times.fileMs);
    return { ended, results: results.map(([name, ...rest]) => [stableName(name), ...rest] as const) };
  } catch (error) {
    return { ended: `not runnable: ${String(error)}`, results: [] };
  }
}

/** Some subtests have the server's port in their name, which is another one in each run. */
function stableName(name: string): string {
  return name.replaceAll(/((?:localhost|127\.0\.0\.1)):\d+/g, "$1:PORT");
}

function printUnit({ id }: TestUnit, { ended, results }: UnitResult, verbose: boolean): void {
  const failing = results.filter(([, status]) => status !== 0);
  const end = ended === "ok" ? "" : `  ${ended}`;
  console.log(`${results.length - failing.length}/${results.length}  ${id}${end}`);
  if (verbose)
    for (const [name, status, message] of failing)
      console.log(
        `    ${["", "FAIL", "TIMEOUT", "NOTRUN", "PRECONDITION"][status]} ${name}\n        ${message}`,
      );
}

function summarize(name: string, results: SuiteResults): void {
  let passed = 0;
  let total = 0;
  for (const { results: subtests } of results.values()) {
    total += subtests.length;
    passed += subtests.filter(([, status]) => status === 0).length;
  }
  console.log(`== ${name}: ${results.size} files, ${passed} of ${total} subtests pass\n`);
}

function renewSuite(name: string, results: SuiteResults): number {
  const before = readExpectations(name);
  const after: Record<string, UnitExpectation> = {};
  for (const [id, result] of results) {
    const expected = renew(result, before[id]);
    if (expected !== undefined) after[id] = expected;
  }
  writeExpectations(name, after);
  return 0;
}

function compareSuite(name: string, results: SuiteResults): number {
  const expectations = readExpectations(name);
  let worse = 0;
  for (const [id, result] of results) {
    const difference = compare(id, result, expectations[id]);
    worse += difference.worse.length;
    for (const text of difference.worse) console.log(`WORSE   ${id}: ${text}`);
    for (const text of difference.better) console.log(`BETTER  ${id}: ${text}`);
  }
  return worse;
}

process.exitCode = await main();
