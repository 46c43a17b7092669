import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  compatibilityDateProblem,
  compatibilityFlagProblems,
} from "../../../src/versions/compatibility/check-compatibility.ts";
import { COMPATIBILITY_FLAGS } from "../../../src/versions/compatibility/compatibility-flags.ts";

const ALL = Object.values(COMPATIBILITY_FLAGS).flat();

test("compatibilityDateProblem takes days up to today, and says what is wrong with others", () => {
  for (const date of ["2021-11-02", "2024-02-29", "2027-03-01"])
    assert.is(compatibilityDateProblem(date, "2027-03-01"), undefined);
  assert.match(
    compatibilityDateProblem("2027-03-02", "2027-03-01")!,
    /in the future; the newest day is 2027-03-01/,
  );
  for (const date of ["soon", "2026-02-30", "2026-1-1", 20260101, null, ["2026-01-01"]])
    assert.match(compatibilityDateProblem(date)!, /it must be a day as YYYY-MM-DD/);
});

test("compatibilityDateProblem takes days that are known where the clock is behind", () => {
  assert.is(compatibilityDateProblem("2026-11-17", "1970-01-01"), undefined);
});

test("compatibilityFlagProblems takes every flag of Cloudflare's runtime that is no experiment, by either name", () => {
  const names = ALL.flatMap(({ enable, disable, start }) => [
    ...(start.kind === "experimental" ? [] : [enable]),
    ...(disable === null ? [] : [disable]),
  ]);
  assert.ok(names.length > 250);
  for (const name of names) assert.equal(compatibilityFlagProblems([name]), []);
});

test("compatibilityFlagProblems names unknown flags, experiments and contradictions, all at once", () => {
  assert.equal(compatibilityFlagProblems(["nodejs_compatt", "zzz", "webgpu", "rpc", "no_rpc"]), [
    '"nodejs_compatt" is no compatibility flag; did you mean "nodejs_compat"?',
    '"zzz" is no compatibility flag',
    '"webgpu" is an experiment of Cloudflare\'s (WebGPU), which is not there',
    '"rpc" and "no_rpc" contradict each other; keep one of them',
  ]);
});

test("compatibilityFlagProblems survives flags that are no list of texts", () => {
  const wrong: unknown[] = ["rpc", null, 7, {}, [7], [["rpc"]], Array.from({ length: 101 }, () => "rpc")];
  for (const flags of wrong)
    assert.match(compatibilityFlagProblems(flags).join(), /must be a list of at most 100 names/);
  assert.ok(compatibilityFlagProblems(["x".repeat(1_000_000)])[0]!.length < 200);
  assert.match(compatibilityFlagProblems(["__proto__", "constructor"]).join(), /"__proto__".*"constructor"/);
});

test("the table names no flag twice, and each that stands on another names a known one", () => {
  const names = ALL.flatMap(({ enable, disable }) => (disable === null ? [enable] : [enable, disable]));
  assert.is(new Set(names).size, names.length);
  for (const { start } of ALL) if (start.kind === "with") assert.ok(names.includes(start.flag), start.flag);
});

test("workerd knows the flags of the table by both names, and calls the same ones experiments", () => {
  // Flags of Python make workerd fetch an interpreter.
  const flags = ALL.filter(({ enable }) => !enable.includes("python"));
  const service = (name: string, list: readonly (string | null)[]): string =>
    `(name = "${name}", worker = (modules = [(name = "m", esModule = "export default {}")], ` +
    `compatibilityDate = "2021-01-01", compatibilityFlags = [${list.map((flag) => `"${flag}"`).join(", ")}]))`;
  const folder = mkdtempSync(join(tmpdir(), "skerry-flags-"));
  try {
    const enable = service(
      "enable",
      flags.map((flag) => flag.enable),
    );
    const disable = service("disable", [
      ...flags.flatMap((flag) => flag.disable ?? []),
      "a_name_that_ends_it",
    ]);
    writeFileSync(
      join(folder, "config.capnp"),
      `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = (services = [${enable}, ${disable}]);`,
    );
    const { stderr } = spawnSync("workerd", ["serve", join(folder, "config.capnp")], { timeout: 30_000 });
    const errors = String(stderr).trim().split("\n");
    const unknown = errors.flatMap((line) => /No such compatibility flag: (\w+)/.exec(line)?.[1] ?? []);
    assert.equal(unknown, ["a_name_that_ends_it"], String(stderr));
    const experiments = errors.flatMap((line) => /flag (\S+) is experimental/.exec(line)?.[1] ?? []);
    assert.equal(
      experiments.sort(),
      flags.flatMap(({ enable: name, start }) => (start.kind === "experimental" ? [name] : [])).sort(),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
