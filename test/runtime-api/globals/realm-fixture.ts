import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ivm from "isolated-vm";
import { BUNDLE_OPTIONS } from "../../../runtime-api/contract/bundle.ts";
import "../../../src/isolate/process-end.ts";
import { askNode } from "../stand-in-io.ts";
import type { Controls } from "./realm-entry.ts";

let script: Promise<string> | undefined;

function bundle(): Promise<string> {
  return (script ??= build({
    ...BUNDLE_OPTIONS,
    entryPoints: [fileURLToPath(new URL("realm-entry.ts", import.meta.url))],
    minify: true,
    write: false,
  }).then((result) => result.outputFiles[0]?.text ?? ""));
}

/** A hardened realm in a real isolate. */
export class Realm {
  readonly #isolate: ivm.Isolate;
  readonly #context: ivm.Context;
  readonly #controls: ivm.Reference<Controls>;

  private constructor(isolate: ivm.Isolate, context: ivm.Context, controls: ivm.Reference<Controls>) {
    this.#isolate = isolate;
    this.#context = context;
    this.#controls = controls;
  }

  static async make(): Promise<Realm> {
    const code = await bundle();
    const isolate = new ivm.Isolate({ memoryLimit: 256 });
    const context = await isolate.createContext();
    const boot = await (await isolate.compileScript(code)).run(context, { reference: true });
    const ask = new ivm.Callback((op: number, ...args: never[]) => {
      const answer = askNode(op as never, ...args);
      return answer instanceof Uint8Array ? new Uint8Array(answer) : answer;
    });
    const controls = (await boot.apply(undefined, [ask], {
      result: { reference: true },
    })) as ivm.Reference<Controls>;
    return new Realm(isolate, context, controls);
  }

  /** The value of an expression, which must be a primitive. */
  async run(code: string, values: Record<string, unknown> = {}): Promise<unknown> {
    for (const name in values) await this.#context.global.set(name, values[name] as never, { copy: true });
    return (await this.#context.eval(code, { promise: true, copy: true, timeout: 10_000 })) as unknown;
  }

  /** `name: message` of what an expression throws, or "nothing". */
  async thrown(code: string, values: Record<string, unknown> = {}): Promise<string> {
    return (await this.run(
      `(async () => { try { await (${code}); return "nothing" } catch (e) { return e.name + ": " + e.message } })()`,
      values,
    )) as string;
  }

  async control<K extends keyof Controls>(
    name: K,
    ...args: Parameters<Controls[K]>
  ): Promise<ReturnType<Controls[K]>> {
    const method = await this.#controls.get(name, { reference: true });
    return (await (method as unknown as ivm.Reference).apply(undefined, args as never, {
      arguments: { copy: true },
      result: { copy: true },
    })) as ReturnType<Controls[K]>;
  }

  [Symbol.dispose](): void {
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }
}
