import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseConfigDocument } from "../../../src/config/document/parse-document.ts";
import { readWranglerConfig } from "../../../wrangler-compat/config/read-wrangler-config.ts";
import { DEFAULT_BUNDLING } from "../../../wrangler-compat/config/readers/read-bundling.ts";
import type { WranglerConfig } from "../../../wrangler-compat/config/wrangler-config.ts";

function read(file: string, text: string): WranglerConfig {
  return readWranglerConfig(parseConfigDocument(file, text));
}

/** Lines of the error that a config is refused with. */
function problems(file: string, text: string): string[] {
  try {
    read(file, text);
  } catch (error) {
    assert.is((error as { code?: string }).code, "INVALID_CONFIG", String(error));
    return (error as Error).message.split("\n");
  }
  throw new Error("nothing was refused");
}

function warnings(config: WranglerConfig): unknown[] {
  return config.warnings.map(({ line, message }) => [line, message]);
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
    rateLimits: [],
    versionMetadata: [],
    plugIns: [],
    tailConsumers: undefined,
    compatibilityFlags: [],
    requiredSecrets: undefined,
    workersDev: undefined,
    previewUrls: false,
    assets: undefined,
    build: undefined,
    bundling: DEFAULT_BUNDLING,
    dev: {},
  };
  const { warnings: _, ...fromToml } = read("wrangler.toml", toml);
  assert.equal(fromToml, expected);
  const fromJson = read("wrangler.jsonc", json);
  assert.equal(fromJson, { ...expected, warnings: [] });
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

test("readWranglerConfig reads what is about bundling, bindings and running", () => {
  const config = read(
    "wrangler.jsonc",
    `{
  "main": "a.js", "base_dir": "lib", "no_bundle": true, "find_additional_modules": true, "preserve_file_names": true,
  "minify": true, "keep_names": false, "jsx_factory": "h", "jsx_fragment": "Fragment", "tsconfig": "ts.json",
  "upload_source_maps": false, "define": { "A": "1" }, "alias": { "a": "./b" },
  "rules": [{ "type": "Text", "globs": ["**/*.md"], "fallthrough": true }],
  "build": { "command": "make", "cwd": "x", "watch_dir": ["a", "b"] },
  "compatibility_flags": ["nodejs_compat"], "workers_dev": true, "preview_urls": true,
  "secrets": { "required": ["KEY"] }, "dev": { "port": 1234, "ip": "*" },
  "version_metadata": { "binding": "VERSION" }, "tail_consumers": [{ "service": "log", "environment": "live" }],
  "ratelimits": [{ "name": "LIMIT", "namespace_id": "1001", "simple": { "limit": 5, "period": 10 } }],
  "unsafe": { "bindings": [
    { "name": "OLD_LIMIT", "type": "ratelimit", "namespace_id": "1", "simple": { "limit": 1, "period": 60 } },
    { "name": "TEXT", "type": "plain_text", "text": "t" },
    { "name": "JSON", "type": "json", "json": [1] },
    { "name": "KV", "type": "kv_namespace", "namespace_id": "kv1" },
    { "name": "SERVICE", "type": "service", "service": "other" },
    { "name": "META", "type": "version_metadata" }
  ] }
}`,
  );
  assert.equal(config.bundling, {
    rules: [{ type: "Text", globs: ["**/*.md"], fallthrough: true }],
    noBundle: true,
    findAdditionalModules: true,
    baseDir: "lib",
    preserveFileNames: true,
    minify: true,
    keepNames: false,
    jsxFactory: "h",
    jsxFragment: "Fragment",
    tsconfig: "ts.json",
    define: { A: "1" },
    alias: { a: "./b" },
    sourceMaps: false,
  });
  assert.equal(config.build, { command: "make", cwd: "x", watchDirs: ["a", "b"] });
  assert.equal(config.compatibilityFlags, ["nodejs_compat"]);
  assert.is(config.workersDev, true);
  assert.is(config.previewUrls, true);
  assert.equal(config.requiredSecrets, ["KEY"]);
  assert.equal(config.dev, { port: 1234, hostname: "0.0.0.0" });
  assert.equal(config.tailConsumers, ["log-live"]);
  assert.equal(config.rateLimits, [
    { binding: "LIMIT", namespaceId: "1001", limit: 5, periodS: 10 },
    { binding: "OLD_LIMIT", namespaceId: "1", limit: 1, periodS: 60 },
  ]);
  assert.equal(config.versionMetadata, ["VERSION", "META"]);
  assert.equal(config.vars, { TEXT: "t", JSON: [1] });
  assert.equal(config.kvNamespaces, [{ binding: "KV", id: "kv1" }]);
  assert.equal(config.services, [{ binding: "SERVICE", service: "other" }]);
  assert.equal(config.warnings, []);
});

test("readWranglerConfig tells once what it ignores, and names the keys that unknown ones are near", () => {
  const config = read(
    "wrangler.toml",
    `main = "a.js"
account_id = "x"
compatability_date = "2026-01-01"
workflow_engine = 1
type = "webpack"
[observability]
enabled = true
[[kv_namespaces]]
binding = "KV"
bindng = "x"
remote = true`,
  );
  assert.equal(warnings(config), [
    [2, '"account_id" is ignored: accounts are the host\'s own: skerry deploy --account'],
    [3, '"compatability_date" is no key that Skerry knows; did you mean "compatibility_date"?'],
    [4, '"workflow_engine" is no key of wrangler\'s config, and is ignored'],
    [5, '"type" is ignored: there is one kind of project'],
    [6, '"observability" is ignored: the host\'s log and skerry tail have every event; nothing is kept'],
    [10, '"kv_namespaces[0].bindng" is no key that Skerry knows; did you mean "binding"?'],
    [11, '"kv_namespaces[0].remote" is ignored: data is the host\'s own'],
  ]);
});

test("readWranglerConfig refuses what Skerry does not have by its key, and nothing that asks for nothing", () => {
  assert.equal(
    problems(
      "wrangler.toml",
      `main = "a.js"
[[d1_databases]]
binding = "DB"
[durable_objects]
bindings = [{ name = "A", class_name = "A" }]
[[unsafe.bindings]]
name = "X"
type = "memory_cache"`,
    ),
    [
      'wrangler.toml:2:1: "d1_databases" asks for what Skerry does not have: D1 databases',
      'wrangler.toml:4:1: "durable_objects" asks for what Skerry does not have: Durable Objects',
      'wrangler.toml:6:1: "unsafe.bindings[0]" asks for what Skerry does not have: a binding of the type "memory_cache"',
    ],
  );
  // As build tools write it.
  const empty = read(
    "wrangler.json",
    `{"configPath": "/x/wrangler.json", "userConfigPath": "/x/wrangler.json", "topLevelName": "a", "definedEnvironments": [],
    "legacy_env": true, "main": "a.js", "d1_databases": [], "durable_objects": {"bindings": []}, "migrations": [], "exports": {},
    "queues": {"producers": [], "consumers": []}, "cloudchamber": {}, "logfwdr": {"bindings": []}, "unsafe": {"metadata": {}},
    "triggers": {}, "send_email": [], "python_modules": {"exclude": []}, "first_party_worker": false}`,
  );
  assert.equal(empty.warnings, []);
});

test("readWranglerConfig hands on bindings for plug-ins, or refuses each at its place where a host has none", () => {
  const text = `{ "main": "a.js",
    "ai": { "binding": "AI" }, "browser": {},
    "send_email": [{ "name": "MAIL", "destination_address": "a@b.example", "allowed_sender_addresses": ["c@d.example"] }],
    "analytics_engine_datasets": [{ "binding": "VISITS", "dataset": "visits" }],
    "queues": { "producers": [{ "binding": "JOBS", "queue": "jobs", "delivery_delay": 5 }] } }`;
  assert.equal(read("wrangler.json", text).plugIns, [
    { binding: "VISITS", type: "analytics_engine", config: { dataset: "visits" } },
    {
      binding: "MAIL",
      type: "send_email",
      config: { destination_address: "a@b.example", allowed_sender_addresses: ["c@d.example"] },
    },
    { binding: "AI", type: "ai", config: {} },
    { binding: "JOBS", type: "queue", config: { queue_name: "jobs", delivery_delay: 5 } },
  ]);
  const document = parseConfigDocument("wrangler.json", text);
  assert.throws(
    () => readWranglerConfig(document, { allowPlugIns: false }),
    /^wrangler\.json:2:5: "ai" asks for what only a plug-in of an embedding host can give: Workers AI\nwrangler\.json:3:.*"send_email\[0\]"/,
  );
  const consumer = '{ "main": "a.js", "queues": { "consumers": [{ "queue": "jobs" }] } }';
  assert.match(problems("wrangler.json", consumer).join(), "consumers of Queues");
});

test("readWranglerConfig refuses two bindings of one name, and names that no binding can have", () => {
  assert.equal(
    problems(
      "wrangler.json",
      `{ "main": "a.js",
 "vars": { "A": 1, "b-c": 2 },
 "kv_namespaces": [{ "binding": "A" }] }`,
    ),
    [
      'wrangler.json:2:20: "vars.b-c" is named "b-c"; it must be a JavaScript name',
      'wrangler.json:3:22: "kv_namespaces[0].binding" is the name "A", which "vars.A" has already',
    ],
  );
});

test("readWranglerConfig takes compatibility dates and flags by the host's rules", () => {
  assert.equal(
    problems(
      "wrangler.json",
      `{ "main": "a.js",
 "compatibility_date": "2999-01-01",
 "compatibility_flags": ["nodejs_compatt"] }`,
    ).map((line) => line.replace(/the newest day is .*/, "…")),
    [
      'wrangler.json:2:2: "compatibility_date" is "2999-01-01", which is in the future; …',
      'wrangler.json:3:2: "compatibility_flags": "nodejs_compatt" is no compatibility flag; did you mean "nodejs_compat"?',
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
        'wrangler.toml:2:1: "compatibility_date" is "2026-11-17T00:00:00.000Z"; it must be a day such as "2026-11-17", in quotes',
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
