import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseConfigDocument } from "../../../src/config/document/parse-document.ts";
import { readWranglerConfig } from "../../../wrangler-compat/config/read-wrangler-config.ts";
import type { WranglerConfig } from "../../../wrangler-compat/config/wrangler-config.ts";

const SHOP = `name = "shop"
main = "src/index.ts"
compatibility_date = "2026-01-01"
minify = true
routes = [{ pattern = "shop.example", custom_domain = true }]
triggers = { crons = ["0 3 * * MON"] }
define = { A = "1", B = "2" }
[vars]
MODE = "top"
LEVEL = 1
[[kv_namespaces]]
binding = "CARTS"
id = "top"
[env.staging]
minify = false
[env.staging.vars]
MODE = "try"
[env.staging.define]
A = "3"
[env.live]
name = "the-shop"
main = "live.ts"
route = "live.example/*"
[env.live.triggers]
crons = []
`;

function read(env: string | undefined, text: string = SHOP, fallbackName?: string): WranglerConfig {
  return readWranglerConfig(parseConfigDocument("wrangler.toml", text), {
    ...(env !== undefined && { env }),
    ...(fallbackName !== undefined && { fallbackName }),
  });
}

function problems(env: string, text: string): string[] {
  try {
    read(env, text);
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  throw new Error("nothing was refused");
}

test("an environment inherits what wrangler lets it inherit, and nothing else", () => {
  const { name, main, compatibilityDate, bundling, routes, crons, vars, kvNamespaces } = read("staging");
  assert.is(name, "shop-staging");
  assert.is(main, "src/index.ts");
  assert.is(compatibilityDate, "2026-01-01");
  assert.is(bundling.minify, false);
  assert.equal(bundling.define, { A: "3" });
  assert.equal(routes, ["shop.example/*"]);
  assert.equal(crons, ["0 3 * * MON"]);
  assert.equal(vars, { MODE: "try" });
  assert.equal(kvNamespaces, []);
});

test("an environment's own keys hold before those of the top level", () => {
  const config = read("live");
  assert.is(config.name, "the-shop");
  assert.is(config.main, "live.ts");
  assert.equal(config.crons, []);
  // As in wrangler, inherited routes hold before the environment's own route.
  assert.equal(config.routes, ["shop.example/*"]);
});

test("what is not inherited is warned of, and so is a custom domain that is", () => {
  const lines = read("staging").warnings.map(({ line, message }) => [line, message]);
  assert.equal(lines, [
    [
      5,
      '"env.staging" inherits the custom domain shop.example of the top level; give it "routes" of its own',
    ],
    [7, '"define.B" stands at the top level, but not in "env.staging.define", which does not inherit it'],
    [10, '"vars.LEVEL" stands at the top level, but not in "env.staging.vars", which does not inherit it'],
    [
      11,
      '"kv_namespaces" stands at the top level, but not in "env.staging", which does not inherit it; add it there',
    ],
  ]);
  assert.equal(read(undefined).warnings, []);
});

test("an environment that is not there is refused, or is the top level where the config has none", () => {
  assert.equal(problems("stagng", SHOP), [
    'wrangler.toml:14:1: "env" has no environment "stagng"; there are "staging", "live"',
  ]);
  const config = read("staging", 'name = "shop"\nmain = "a.js"\n[vars]\nA = 1');
  assert.is(config.name, "shop-staging");
  assert.equal(config.vars, { A: 1 });
  assert.match(config.warnings[0]!.message, /no environment "staging"/);
});

test("a worker without a name has its folder's, with the environment's", () => {
  const text = 'main = "a.js"\n[env.x]';
  assert.is(read(undefined, text, "folder").name, "folder");
  assert.is(read("x", text, "folder").name, "folder-x");
  assert.match(
    problems("x", `name = "${"a".repeat(62)}"\n${text}`).join(),
    /the environment's worker would be named/,
  );
});

test("both the top level and the environment have to be right, and are reported together", () => {
  assert.equal(
    problems(
      "x",
      `main = "a.js"\nminify = 1\n[vars]\n"a b" = 1\n[env.x]\nminify = 2\nalias = { a = "b" }\nnoo_bundle = true\n[[env.x.r2_buckets]]\nbinding = "B"\n[[d1_databases]]\nbinding = "D"`,
    ),
    [
      'wrangler.toml:2:1: "minify" is 1; it must be true or false',
      'wrangler.toml:4:1: "vars.a b" is named "a b"; it must be a JavaScript name',
      'wrangler.toml:6:1: "env.x.minify" is 2; it must be true or false',
      'wrangler.toml:9:1: "env.x.r2_buckets" asks for what Skerry does not have: R2 buckets',
    ],
  );
  const text = `main = "a.js"\n[env.x]\nalias = { a = "b" }\nnoo_bundle = true`;
  assert.equal(
    read("x", text).warnings.map(({ line, message }) => [line, message]),
    [
      [3, '"env.x.alias" is ignored: it may stand at the top level only, and holds for all environments'],
      [4, '"env.x.noo_bundle" is no key that Skerry knows; did you mean "no_bundle"?'],
    ],
  );
});

test.run();
