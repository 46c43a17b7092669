import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import { format } from "@vitest/pretty-format";
import { fn, spyOn } from "@vitest/spy";

/**
 * Stands for vitest where a library's own test files are bundled into a worker: vitest's real assertions, with a
 * runner that waits for a request.
 */

type Body = () => unknown;
interface Registered {
  readonly name: string;
  readonly body: Body;
}
interface Assertion {
  readonly __flags: Readonly<Record<string, unknown>>;
}

const registered: Registered[] = [];
const before: Body[] = [];
const after: Body[] = [];
let path: readonly string[] = [];

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
chai.use((_chai, tools) => {
  tools.addMethod(
    chai.Assertion.prototype,
    "toMatchInlineSnapshot",
    function (this: Assertion, snapshot?: string) {
      requireSame(tools.flag(this, "object"), snapshot);
    },
  );
  tools.addMethod(
    chai.Assertion.prototype,
    "toThrowErrorMatchingInlineSnapshot",
    function (this: Assertion, snapshot?: string) {
      const thrown =
        tools.flag(this, "promise") === "rejects"
          ? tools.flag(this, "object")
          : caught(tools.flag(this, "object") as Body);
      requireSame(thrown, snapshot);
    },
  );
});

export const { expect } = chai as unknown as { expect: ExpectStatic };
type ExpectStatic = ((value: unknown) => unknown) & Record<string, unknown>;
expect["any"] = (kind: unknown) => asymmetric("any", kind);
expect["unreachable"] = (message?: string) => {
  throw new Error(message ?? "this place should not be reached");
};

function asymmetric(name: string, kind: unknown): unknown {
  const matchers = (
    globalThis as unknown as Record<symbol, Record<string, (kind: unknown) => unknown> | undefined>
  )[Symbol.for("$$asymmetric-matchers-object")];
  return (
    matchers?.[name]?.(kind) ??
    (chai.expect as unknown as Record<string, (kind: unknown) => unknown>)[name]?.(kind)
  );
}

/** As vitest compares: formatted value and snapshot, both without the indentation of the source. */
function requireSame(value: unknown, snapshot: string | undefined): void {
  const options = {
    escapeString: false,
    escapeRegex: true,
    printBasicPrototype: false,
    printFunctionName: false,
  };
  const actual = format(value, options).replaceAll("\r\n", "\n");
  const expected = withoutIndentation(snapshot ?? "");
  if (actual !== expected)
    throw new Error(`the snapshot differs\n--- expected\n${expected}\n--- actual\n${actual}`);
}

function withoutIndentation(snapshot: string): string {
  const lines = snapshot.split("\n");
  if (lines.length < 3 || lines[0]!.trim() !== "" || lines.at(-1)!.trim() !== "") return snapshot.trim();
  const indent = /^\s*/.exec(lines[1]!)![0].length;
  return lines
    .slice(1, -1)
    .map((line) => line.slice(Math.min(indent, /^\s*/.exec(line)![0].length)))
    .join("\n");
}

function caught(body: Body): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** Registers a test. */
export function test(name: string, body: Body, _timeoutMs?: number): void {
  registered.push({ name: [...path, name].join(" > "), body });
}
test.each = (cases: readonly unknown[]) => (name: string, body: (...args: unknown[]) => unknown) => {
  for (const [index, one] of cases.entries())
    test(`${name} (${index})`, () => (Array.isArray(one) ? body(...(one as unknown[])) : body(one)));
};
test.skip = (_name: string, _body: Body) => {};
export const it = test;

export function describe(name: string, body: () => void): void {
  const outer = path;
  path = [...path, name];
  body();
  path = outer;
}

export function beforeEach(body: Body): void {
  before.push(body);
}
export function afterEach(body: Body): void {
  after.push(body);
}

export const vi = { fn, spyOn, resetModules(): void {}, restoreAllMocks(): void {} };

/** Types are the compiler's business: every step answers the next. */
const anything: unknown = new Proxy(() => {}, { get: () => anything, apply: () => anything });
export function expectTypeOf(): unknown {
  return anything;
}
export const assertType = expectTypeOf;

/** How one test ended; `error` is undefined where it passed. */
export interface Ended {
  readonly name: string;
  readonly error?: string;
}

/** Runs what was registered, in order. */
export async function runAll(): Promise<Ended[]> {
  const results: Ended[] = [];
  for (const { name, body } of registered) {
    try {
      for (const one of before) await one();
      await body();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: String((error as Error | undefined)?.stack ?? error).slice(0, 2_000) });
    } finally {
      for (const one of after) await one();
    }
  }
  return results;
}
