import { isDeepStrictEqual } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConfigError, type ConfigProblem } from "../../../src/config/document/config-error.ts";
import { parseConfigDocument } from "../../../src/config/document/parse-document.ts";
import { KEY_OF } from "../../../wrangler-compat/config/keys/config-keys.ts";
import { NESTED_KEYS, nestedKey } from "../../../wrangler-compat/config/keys/nested-keys.ts";
import { readWranglerConfig } from "../../../wrangler-compat/config/read-wrangler-config.ts";
import { nestedPaths, sample, TOP_KEYS } from "./wrangler-schema.ts";

type Path = readonly (string | number)[];

/** What stands around a key, where what the schema takes at least is not enough. */
const AROUND: Readonly<Record<string, unknown>> = {
  assets: { directory: "public" },
  routes: [{ pattern: "a.example/*" }],
  route: { pattern: "a.example/*" },
  queues: { producers: [{ binding: "Q", queue: "q" }] },
  build: { command: "make" },
  unsafe: { bindings: [{ name: "A", type: "plain_text", text: "x" }] },
};
/** Values that mean something, where the first one of the schema does not. */
const VALUES: Readonly<Record<string, unknown>> = {
  "triggers.crons": ["*/5 * * * *"],
  "routes[].enabled": false,
  "route.enabled": false,
  "define.*": "1",
  "alias.*": "./other.js",
  "unsafe.bindings[].type": "json",
  "unsafe.bindings[].name": "B",
  "ratelimits[].simple": { limit: 7, period: 60 },
  "ratelimits[].simple.period": 60,
  "rules[].type": "Data",
  "rules[].globs": ["**/*.bin"],
  "queues.consumers": [{ queue: "q" }],
  "queues.producers[].queue": "other",
};
/** What another key's row says already. */
const OPEN = new Set(["unsafe.bindings[].*", "unsafe.bindings"]);

const stepsOf = (path: string): Path =>
  path
    .replaceAll("[]", ".[]")
    .split(".")
    .map((step) => (step === "[]" ? 0 : step === "*" ? "NAME" : step));

/** An empty table asks for nothing. */
const something = (value: unknown): unknown => (isDeepStrictEqual(value, {}) ? { x: "text" } : value);

function withValue(value: unknown, [step, ...rest]: Path, given: unknown): unknown {
  if (step === undefined) return given;
  if (typeof step === "number") return [withValue(Array.isArray(value) ? value[0] : undefined, rest, given)];
  const table = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  return { ...table, [step]: withValue(table[step], rest, given) };
}

function read(config: object, allowPlugIns = true): { problems: readonly ConfigProblem[]; config: unknown } {
  const document = parseConfigDocument(
    "wrangler.json",
    JSON.stringify({ main: "a.js", name: "a", ...config }),
  );
  try {
    const { warnings, ...rest } = readWranglerConfig(document, { allowPlugIns });
    return { problems: warnings, config: rest };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, config: null };
    throw error;
  }
}

/** Whether something is said of a key, of one around it, or inside it. */
const isAbout = (path: Path, problem: ConfigProblem): boolean => {
  const length = Math.min(path.length, problem.path.length);
  return isDeepStrictEqual(path.slice(0, length), problem.path.slice(0, length));
};

test("every nested key of wrangler's schema has a state, and rows are of keys that it has", () => {
  const all = new Map(
    Object.keys(TOP_KEYS).flatMap((key) => nestedPaths(key).map((row) => [row.path, row.schema])),
  );
  assert.ok(all.size > 300, String(all.size));
  for (const { path } of NESTED_KEYS) assert.ok(all.has(path), `the schema has no ${path}`);
  const rows = new Set(NESTED_KEYS.map(({ path }) => path));
  for (const path of all.keys()) {
    const [key = ""] = path.split(/[.[]/);
    assert.ok(nestedKey(path), path);
    // What is in a key that is read is judged one by one.
    const { state } = KEY_OF.get(key)!;
    const isInside = [...rows].some((row) => path.startsWith(`${row}.`) || path.startsWith(`${row}[`));
    if ((state === "honoured" || state === "partly") && !isInside)
      assert.ok(rows.has(path), `${path} has no row`);
  }
});

test("each nested key is honoured, ignored with a word, or refused, as its row says", () => {
  const seen: Record<string, number> = {};
  for (const key of Object.keys(TOP_KEYS)) {
    for (const { path, schema } of nestedPaths(key)) {
      const { state } = nestedKey(path)!;
      if (OPEN.has(path)) continue;
      seen[state] = (seen[state] ?? 0) + 1;
      const around = { [key]: AROUND[key] ?? sample(TOP_KEYS[key]!) };
      const steps = stepsOf(path);
      const config = withValue(around, steps, VALUES[path] ?? something(sample(schema))) as object;
      const { problems, config: result } = read(config);
      const said = problems.filter((problem) => isAbout(steps, problem));
      const shown = `${path} (${state}): ${JSON.stringify(config)} ${problems.map(({ message }) => message).join("; ")}`;
      if (state === "refused") {
        assert.is(result, null, shown);
        assert.ok(said.length > 0, shown);
      } else if (state === "ignored") {
        assert.ok(result !== null && said.some(({ message }) => message.includes("is ignored")), shown);
      } else if (state === "plug-in") {
        assert.ok(result !== null && said.length === 0, shown);
        assert.is(read(config, false).config, null, shown);
      } else {
        assert.ok(result !== null && said.length === 0, shown);
        const without = read(withValue(around, steps, undefined) as object).config;
        assert.not.equal(result, without, `${shown} changes nothing`);
      }
    }
  }
  for (const state of ["honoured", "partly", "ignored", "plug-in", "refused"])
    assert.ok((seen[state] ?? 0) > 1, `${state}: ${seen[state]}`);
});

test.run();
