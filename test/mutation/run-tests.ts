import { spawn } from "node:child_process";
import type { Guard } from "./guard.ts";

/** What tests said of a copy of the project. */
export interface TestsResult {
  readonly passed: boolean;
  /** Title of the first test that failed, or what else was wrong. */
  readonly said: string;
}

/** Runs the tests of a guard in a folder; ends what they started. */
export async function runTests(folder: string, { tests, cell }: Guard): Promise<TestsResult> {
  const child = spawn(process.execPath, ["test/run.ts", ...tests], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    // A test that fails is what is hoped for: no second chance.
    env: { ...process.env, NO_COLOR: "1", TEST_AGAIN: "0", ...(cell && { SKERRY_TEST_CELL: cell }) },
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code === 0) return { passed: true, said: "" };
  const title = /^\s+FAIL {2}"(.*)"$/m.exec(output)?.[1];
  return { passed: false, said: title ?? /^FAIL {2}(.*)$/m.exec(output)?.[1] ?? output.trim().slice(-200) };
}
