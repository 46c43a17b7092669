import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConfigError } from "../../src/config/document/config-error.ts";
import { parseConfigDocument } from "../../src/config/document/parse-document.ts";
import { readHostConfig, type HostConfig } from "../../src/config/host-config.ts";
import { loadHostConfig } from "../../src/config/load-host-config.ts";

function read(file: string, text: string): HostConfig {
  return readHostConfig(parseConfigDocument(file, text));
}

function problems(file: string, text: string): string[] {
  try {
    read(file, text);
  } catch (error) {
    assert.instance(error, ConfigError);
    assert.is((error as ConfigError).code, "INVALID_CONFIG");
    return (error as ConfigError).message.split("\n");
  }
  throw new Error("nothing was refused");
}

const FULL = {
  port: 80,
  hostname: "0.0.0.0",
  trustedProxies: ["10.0.0.1"],
  controlPort: 8788,
  controlHostname: "::",
  controlUrl: "https://skerry.example.com",
  workersUrl: "https://workers.example.com:8443",
  host: {
    dataFolder: "/data",
    cell: "process",
    cells: 3,
    spares: 4,
    warm: { maxIsolates: 10, recycleAt: 0.5 },
    limits: { cpuMs: 20 },
    maxLimits: { cpuMs: 500 },
    accounts: { acme: { limits: { memoryMb: 64 }, weight: 2, cpuMsPerMinute: 500 } },
    admission: { hostConcurrency: 100, maxWaitMs: 50 },
    egress: { allowAddresses: ["10.0.0.0/8", "::1"], denyAddresses: ["1.1.1.1"] },
    cache: { accountBytes: 1_000_000 },
  },
};

test("readHostConfig reads the same from TOML, JSON and JSON with comments", () => {
  const { host, ...top } = FULL;
  const json = JSON.stringify({ ...top, ...host });
  assert.equal(read("skerry.json", json), FULL);
  assert.equal(read("skerry.jsonc", `// mine\n${json.slice(0, -1)},\n}`), FULL);
  const toml = `port = 80
hostname = "0.0.0.0"
trustedProxies = ["10.0.0.1"]
controlPort = 8788
controlHostname = "::"
controlUrl = "https://skerry.example.com"
workersUrl = "https://workers.example.com:8443"
dataFolder = "/data"
cell = "process"
cells = 3
spares = 4
warm = { maxIsolates = 10, recycleAt = 0.5 }
admission = { hostConcurrency = 100, maxWaitMs = 50 }
egress.allowAddresses = ["10.0.0.0/8", "::1"]
egress.denyAddresses = ["1.1.1.1"]
cache.accountBytes = 1000000
[limits]
cpuMs = 20
[maxLimits]
cpuMs = 500
[accounts.acme]
weight = 2
cpuMsPerMinute = 500
[accounts.acme.limits]
memoryMb = 64
`;
  assert.equal(read("skerry.toml", toml), FULL);
});

test("readHostConfig reads an empty file as nothing set", () => {
  assert.equal(read("skerry.toml", ""), { host: {} });
  assert.equal(read("skerry.json", "{}"), { host: {} });
});

test("readHostConfig reports every wrong key together, with place, value and what is allowed", () => {
  const text = `port = 70000
cell = "thread"
cpu = 3
[limits]
cpuMs = "fast"
memoryMB = 64
[accounts.acme.limits]
wallMs = 1
[egress]
allowAddresses = ["10.0.0.0/8", "intranet"]
`;
  assert.equal(problems("skerry.toml", text), [
    'skerry.toml:1:1: "port" is 70000; it must be a whole number from 0 to 65535',
    'skerry.toml:2:1: "cell" is "thread"; it must be "process" or "in-process"',
    'skerry.toml:3:1: "cpu" is no key that Skerry knows; the keys here are port, hostname, trustedProxies, maxConnections, maxConnectionsPerAddress, controlPort, controlHostname, controlUrl, workersUrl, dataFolder, secretsKeyFile, cell, sandbox, cells, cellMemoryMb, standbyCells, spares, warm, isolation, maxCells, quarantine, autoRollback, limits, maxLimits, accounts, admission, egress, wasmCompile, cache, assets, storage, $schema',
    'skerry.toml:5:1: "limits.cpuMs" is "fast"; it must be a whole number from 1 to 300000',
    'skerry.toml:6:1: "limits.memoryMB" is no key that Skerry knows; did you mean "memoryMb"?',
    'skerry.toml:8:1: "accounts.acme.limits.wallMs" is 1; it must be a whole number from 100 to 3600000',
    'skerry.toml:10:33: "egress.allowAddresses[1]" is "intranet"; it must be a list of addresses or CIDR ranges, such as ["10.1.0.0/16", "::1"]',
  ]);
});

test("readHostConfig says the place in JSON", () => {
  assert.equal(problems("skerry.json", '{\n  "warm": {\n    "idleMs": -1\n  }\n}'), [
    'skerry.json:3:5: "warm.idleMs" is -1; it must be a whole number from 1 to 604800000',
  ]);
});

test("readHostConfig takes origins alone for where clients are to go", () => {
  const origin = 'a URL of scheme, host and port only, such as "https://skerry.example.com"';
  for (const url of [
    "skerry.example.com",
    "ftp://a.example",
    "https://a.example/path",
    "https://a.example?",
    "https://u@a.example",
  ])
    assert.equal(problems("skerry.json", JSON.stringify({ controlUrl: url })), [
      `skerry.json:1:2: "controlUrl" is ${JSON.stringify(url)}; it must be ${origin}`,
    ]);
  assert.is(
    read("skerry.json", '{"controlUrl": "http://10.0.0.7:8788/"}').controlUrl,
    "http://10.0.0.7:8788/",
  );
  // No name can stand before an address, or before a pattern.
  for (const url of [
    "http://10.0.0.7:8787",
    "http://[::1]",
    "https://*.example.com",
    "https://a..b",
    "https://!$.com",
    "https://ex'ample.com",
    "https://example.com.",
    "https://example.com:0",
    5,
  ])
    assert.match(
      problems("skerry.json", JSON.stringify({ workersUrl: url }))[0] ?? "",
      "host name and port only",
    );
});

test("readHostConfig takes no value through the prototype", () => {
  assert.match(
    problems("skerry.json", '{"__proto__": {"port": 1}, "limits": []}').join(),
    '"limits" is []; it must be a table (object)',
  );
});

test("parseConfigDocument gives line and column of what does not parse", () => {
  assert.match(
    problems("skerry.toml", 'port = 1\nhost name = "x"')[0] ?? "",
    /^skerry\.toml:2:\d+: is no valid TOML: /,
  );
  assert.match(
    problems("skerry.json", '{\n  "port": 1\n  "cells": 2\n}')[0] ?? "",
    /^skerry\.json:3:3: is no valid JSON: comma expected/,
  );
  assert.match(problems("skerry.json", "[]")[0] ?? "", "must hold an object");
  assert.match(problems("skerry.yaml", "port: 1")[0] ?? "", "a config file ends in .json, .jsonc, .toml");
});

test("loadHostConfig finds the file of the folder, and refuses two or a missing one", () => {
  const folder = mkdtempSync(join(tmpdir(), "skerry-config-"));
  try {
    assert.equal(loadHostConfig(folder), { host: {} });
    writeFileSync(join(folder, "skerry.toml"), "port = 1234");
    assert.is(loadHostConfig(folder).port, 1234);
    writeFileSync(join(folder, "skerry.json"), "{}");
    assert.throws(() => loadHostConfig(folder), /skerry\.toml: stands beside skerry\.json; keep one/);
    assert.throws(() => loadHostConfig(folder, join(folder, "other.toml")), /cannot be read: ENOENT/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
