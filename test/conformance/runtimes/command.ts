import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAIN_NAME, TEST_NAME, type WrappedTest } from "../wrap-test.ts";
import { type ConformanceRuntime, parseResult, type UnitResult } from "./runtime.ts";

/** Stands before the result, since tests may print too. */
const MARK = "skerry-conformance-result:";
const ASK = `import worker from "./${MAIN_NAME}";
globalThis.addEventListener?.("unhandledrejection", (event) => event.preventDefault());
if (globalThis.process?.on) { process.on("unhandledRejection", () => {}); process.on("uncaughtException", () => {}); }
const response = await worker.fetch();
const text = await response.text();
await new Promise((resolve) => globalThis.process.stdout.write("\\n${MARK}" + text + "\\n", resolve));
globalThis.process.exit(0);
`;

/** Another runtime, run as a command with a file, one process per unit. */
export class CommandRuntime implements ConformanceRuntime {
  readonly name: string;
  readonly #command: readonly string[];

  /** @param command program and its arguments before the file */
  constructor(name: string, command: readonly string[]) {
    this.name = name;
    this.#command = command;
  }

  async run(test: WrappedTest, limitMs: number): Promise<UnitResult> {
    const folder = mkdtempSync(join(tmpdir(), "skerry-conformance-"));
    try {
      writeFileSync(join(folder, MAIN_NAME), test.main);
      writeFileSync(join(folder, TEST_NAME), test.test);
      writeFileSync(join(folder, "ask.mjs"), ASK);
      const [program = "", ...args] = this.#command;
      const output = await outputOf(program, [...args, join(folder, "ask.mjs")], limitMs + 5_000);
      const at = output.lastIndexOf(MARK);
      if (at < 0) return { ended: `crash: ${output.slice(-300)}`, results: [] };
      return parseResult(output.slice(at + MARK.length).trim());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function outputOf(program: string, args: readonly string[], limitMs: number): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(program, [...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-2_000)));
    const guard = setTimeout(() => child.kill("SIGKILL"), limitMs);
    child.once("error", (error) => (errors += error.message));
    child.once("close", () => {
      clearTimeout(guard);
      resolve(output || errors);
    });
  });
}
