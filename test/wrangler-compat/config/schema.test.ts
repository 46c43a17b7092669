import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseConfigDocument } from "../../../src/config/document/parse-document.ts";
import { ConfigError } from "../../../src/config/document/config-error.ts";
import { KEY_OF } from "../../../wrangler-compat/config/keys/config-keys.ts";
import { readWranglerConfig } from "../../../wrangler-compat/config/read-wrangler-config.ts";
import { ENV_KEYS, hasType, paths, sample, type Schema, TOP_KEYS } from "./wrangler-schema.ts";

const WRONG: readonly unknown[] = [
  7,
  -1,
  1.5,
  true,
  "",
  "text",
  null,
  [],
  [7],
  ["x"],
  [null],
  [[]],
  {},
  { x: 7 },
];

/** Errors of a config; undefined if it is fine. Anything but a ConfigError is thrown on. */
function refusal(config: unknown, env?: string): ConfigError | undefined {
  const document = parseConfigDocument("wrangler.json", JSON.stringify(config, null, 1));
  try {
    readWranglerConfig(document, env === undefined ? {} : { env });
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw new Error(`crash for ${JSON.stringify(config)}`, { cause: error });
  }
}

function place(value: unknown, path: readonly (string | number)[], wrong: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return wrong;
  if (typeof key === "number") return [place(Array.isArray(value) ? value[0] : undefined, rest, wrong)];
  const table = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  return { ...table, [key]: place((table as Record<string, unknown>)[key], rest, wrong) };
}

test("the table of keys has every key of wrangler's schema, and no other", () => {
  assert.equal([...KEY_OF.keys()].sort(), Object.keys(TOP_KEYS).sort());
  const env = [...KEY_OF.values()].filter(({ scope }) => scope !== "top").map(({ key }) => key);
  assert.equal(env.sort(), Object.keys(ENV_KEYS).sort());
});

test("a key's value of a type that wrangler's schema does not have is refused at its place", () => {
  let count = 0;
  const check = (keys: Readonly<Record<string, Schema>>, inEnv: boolean): void => {
    for (const [key, schema] of Object.entries(keys)) {
      for (const wrong of WRONG) {
        if (hasType(schema, wrong, false)) continue;
        count++;
        const own = { [key]: wrong };
        const error = inEnv
          ? refusal({ main: "a.js", name: "a", env: { x: own } }, "x")
          : refusal({ main: "a.js", ...own });
        const where = `${inEnv ? "env.x." : ""}${key} = ${JSON.stringify(wrong)}`;
        assert.ok(error, `${where} was taken`);
        const problem = error.problems.find(({ path }) => path.includes(key));
        assert.ok(problem, `${where}: ${error.message}`);
        assert.type(problem.line, "number", where);
        assert.type(problem.column, "number", where);
        assert.match(problem.message, key, where);
      }
    }
  };
  check(TOP_KEYS, false);
  check(ENV_KEYS, true);
  assert.ok(count > 1_000, String(count));
});

test("a wrong type anywhere below a key that is read is refused; below others it never crashes", () => {
  let refused = 0;
  for (const [key, schema] of Object.entries(TOP_KEYS)) {
    const state = KEY_OF.get(key)!.state;
    const base = sample(schema);
    for (const { path, schema: inner } of paths(schema)) {
      if (path.length === 0 || path.includes("NAME")) continue;
      for (const wrong of WRONG) {
        const config = { main: "a.js", ...(place({ [key]: base }, [key, ...path], wrong) as object) };
        const error = refusal(config);
        const isRead = state === "honoured" || (state === "partly" && key !== "dev" && key !== "unsafe");
        if (!isRead || key === "env" || key === "vars" || hasType(inner, wrong)) continue;
        // What several alternatives of a schema have under one name may be wrong in one of them only.
        if (key === "route" || key === "routes") continue;
        // Refused as a whole.
        if (path[0] === "events") continue;
        refused++;
        assert.ok(error, `${key}.${path.join(".")} = ${JSON.stringify(wrong)} was taken`);
        assert.type(error.problems[0]!.line, "number");
      }
    }
  }
  assert.ok(refused > 400, String(refused));
});

test("nothing in an environment's keys, nor keys of odd names, makes the reader crash", () => {
  for (const [key, schema] of Object.entries(ENV_KEYS))
    for (const { path } of paths(schema, [], 3))
      for (const wrong of WRONG) {
        const own = place({}, [key, ...path], wrong);
        refusal({ main: "a.js", name: "a", vars: { A: 1 }, define: 7, env: { x: own } }, "x");
      }
  const odd = JSON.parse(
    '{"main": "a.js", "__proto__": {"x": 1}, "constructor": 7, "toString": [], "": {}}',
  ) as object;
  for (const env of [undefined, "x", "__proto__", "constructor", ""]) {
    refusal(odd, env);
    refusal({ ...odd, env: odd }, env);
    refusal({ ...odd, env: { x: odd } }, env);
  }
});

test.run();
