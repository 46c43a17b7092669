import { createHost, type Host } from "../../../src/index.ts";
import { MAIN_NAME, TEST_NAME, type WrappedTest } from "../wrap-test.ts";
import { type ConformanceRuntime, parseResult, type UnitResult } from "./runtime.ts";

/** Each unit is a worker of its own, deployed, asked once and deleted. */
export class SkerryRuntime implements ConformanceRuntime {
  readonly name = "skerry";
  readonly #host: Host;
  #count = 0;

  private constructor(host: Host) {
    this.#host = host;
  }

  static async start(cells: number): Promise<SkerryRuntime> {
    const host = await createHost({
      cell: "process",
      cells,
      spares: 1,
      // Tests fetch from the server of the checkout; what they do is heavy and slow on purpose.
      egress: { allowAddresses: ["127.0.0.0/8", "::1/128"] },
      limits: { cpuMs: 30_000, wallMs: 900_000, memoryMb: 512, subrequests: 100_000, logLines: 10 },
      wasmCompile: true,
      sandbox: "off",
      onCatastrophe: (report) => console.error("catastrophe:", report),
      onInternalError: (error) => console.error("internal error:", error),
    });
    return new SkerryRuntime(host);
  }

  async run(test: WrappedTest, limitMs: number): Promise<UnitResult> {
    const name = `unit-${++this.#count}`;
    try {
      const worker = await this.#host.deploy({
        name,
        // An account of its own: units run side by side, and caches are an account's.
        account: name,
        main: MAIN_NAME,
        modules: [
          { name: MAIN_NAME, type: "esm", content: test.main },
          { name: TEST_NAME, type: "cjs", content: test.test },
        ],
      });
      const response = await worker.fetch("http://unit.test/", {
        signal: AbortSignal.timeout(limitMs + 5_000),
      });
      const text = await response.text();
      return response.ok
        ? parseResult(text)
        : { ended: `status ${response.status}: ${text.slice(0, 300)}`, results: [] };
    } catch (error) {
      return { ended: `crash: ${String(error).slice(0, 300)}`, results: [] };
    } finally {
      await this.#host.delete(name, name).catch(() => {});
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host.close(0);
  }
}
