import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseConfigDocument } from "../../../src/config/document/parse-document.ts";
import { readWranglerConfig } from "../../../wrangler-compat/config/read-wrangler-config.ts";
import type { WranglerConfig } from "../../../wrangler-compat/config/wrangler-config.ts";

function read(file: string, text: string): WranglerConfig {
  return readWranglerConfig(parseConfigDocument(file, text));
}

test("readWranglerConfig reads the same from TOML and JSON with comments", () => {
  const toml = `name = "shop"
main = "src/index.ts"
compatibility_date = "2026-11-17"
routes = ["shop.example/*", { pattern = "api.example/v1/*", zone_name = "example" }, { pattern = "own.example", custom_domain = true }]
kv_namespaces = [{ binding = "CARTS", id = "abc123" }]
[vars]
MODE = "live"
FLAGS = { beta = true, names = ["a"] }
[limits]
cpu_ms = 100
[triggers]
crons = ["0 3 * * MON"]
[[services]]
binding = "AUTH"
service = "auth"
entrypoint = "Admin"
props = { level = 1 }
`;
  const json = `{
  // a comment
  "name": "shop", "main": "src/index.ts", "compatibility_date": "2026-11-17",
  "routes": ["shop.example/*", { "pattern": "api.example/v1/*" }, { "pattern": "own.example", "custom_domain": true }],
  "kv_namespaces": [{ "binding": "CARTS", "id": "abc123" }],
  "vars": { "MODE": "live", "FLAGS": { "beta": true, "names": ["a"] } },
  "limits": { "cpu_ms": 100 },
  "triggers": { "crons": ["0 3 * * MON"] },
  "services": [{ "binding": "AUTH", "service": "auth", "entrypoint": "Admin", "props": { "level": 1 } }],
}`;
  const expected = {
    name: "shop",
    main: "src/index.ts",
    compatibilityDate: "2026-11-17",
    vars: { MODE: "live", FLAGS: { beta: true, names: ["a"] } },
    kvNamespaces: [{ binding: "CARTS", id: "abc123" }],
    routes: ["shop.example/*", "api.example/v1/*", "own.example/*"],
    limits: { cpuMs: 100 },
    crons: ["0 3 * * MON"],
    services: [{ binding: "AUTH", service: "auth", entrypoint: "Admin", props: { level: 1 } }],
    ignored: [],
  };
  assert.equal(read("wrangler.toml", toml), expected);
  assert.equal(read("wrangler.jsonc", json), expected);
});

test("readWranglerConfig gives a namespace without an id one of its own", () => {
  const config = read("wrangler.toml", 'name = "shop"\nmain = "a.js"\n[[kv_namespaces]]\nbinding = "CARTS"');
  assert.equal(config.kvNamespaces, [{ binding: "CARTS", id: "shop-CARTS" }]);
});

test("readWranglerConfig names wrong cron triggers and services with their places", () => {
  const text = 'main = "a.js"\n[triggers]\ncrons = ["@yearly"]\n[[services]]\nbinding = "A"';
  for (const problem of [/@yearly/, /services\[0\]"? has no "service"/])
    assert.throws(() => read("wrangler.toml", text), problem);
});

test("readWranglerConfig lists what it ignores, with its place", () => {
  const config = read(
    "wrangler.toml",
    'main = "a.js"\n[[d1_databases]]\nbinding = "DB"\n[observability]\nenabled = true',
  );
  assert.equal(
    config.ignored.map(({ line, message }) => [line, message]),
    [
      [2, '"d1_databases" is not supported and is ignored'],
      [4, '"observability" is not supported and is ignored'],
    ],
  );
});

test("readWranglerConfig reports everything that is wrong at once", () => {
  const text = `name = "My Worker"
compatibility_date = 2026-11-17
route = 7
routes = []
[[kv_namespaces]]
id = "a b"
[limits]
cpu_ms = "much"
`;
  assert.throws(
    () => read("wrangler.toml", text),
    (error: Error) => {
      assert.equal(error.message.split("\n"), [
        'wrangler.toml: "main" is missing; it must be the path of the worker\'s entry file, such as "src/index.ts"',
        'wrangler.toml:1:1: "name" is "My Worker"; it must be 1 to 63 of a-z, 0-9, "-" and "_", beginning and ending with a letter or digit',
        'wrangler.toml:2:1: "compatibility_date" is "2026-11-17T00:00:00.000Z"; it must be a day such as "2026-11-17"',
        'wrangler.toml:3:1: "route" stands beside "routes"; keep one of them',
        'wrangler.toml:3:1: "route" is 7; it must be a text such as "example.com/*", or a table with "pattern"',
        'wrangler.toml:5:1: "kv_namespaces[0]" has no "binding"; it must be the name on env',
        'wrangler.toml:6:1: "kv_namespaces[0].id" is "a b"; it must be 1 to 64 of letters, digits, "-" and "_"',
        'wrangler.toml:8:1: "limits.cpu_ms" is "much"; it must be a whole number from 1 to 300000',
      ]);
      return true;
    },
  );
});

test.run();
