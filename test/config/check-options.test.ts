import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type HostOptions, type ListenOptions, SkerryError } from "../../src/index.ts";
import { checkHostOptions, checkListenOptions } from "../../src/config/check-options.ts";

function problems(check: () => void): readonly string[] {
  try {
    check();
  } catch (error) {
    assert.instance(error, SkerryError);
    assert.is((error as SkerryError).code, "INVALID_OPTIONS");
    return (error as Error).message.split("\n");
  }
  return [];
}

test("checkHostOptions takes what the types allow", () => {
  const all: Required<HostOptions> = {
    bindings: { ai: () => null },
    dataFolder: "./data",
    secretsKeyFile: "./keys",
    cell: "process",
    sandbox: "auto",
    cells: 2,
    cellMemoryMb: 1_024,
    standbyCells: 2,
    isolation: "account",
    maxCells: 4,
    quarantine: { strikes: 1, withinMs: 1, pausesMs: [1, 2], aloneMs: 0, forgetMs: 1 },
    autoRollback: { errorRate: 0.5, margin: 0, windowMs: 1_000, minRequests: 1 },
    spares: 0,
    warm: {
      maxIsolates: 1,
      maxBytes: 2 ** 30,
      idleMs: 1,
      maxPerVersion: 1,
      cores: 2,
      maxLoading: 1,
      recycleAt: 0.5,
      cellIdleMs: 1,
    },
    limits: { cpuMs: 10 },
    maxLimits: { cpuMs: 20 },
    accounts: {
      acme: {
        limits: { cpuMs: 5 },
        maxLimits: { cpuMs: 6 },
        cache: { accountBytes: 0 },
        assets: { versionFiles: 1 },
        storage: { accountBytes: 1 },
        weight: 2,
        autoRollback: false,
        cpuMsPerMinute: 1,
        egress: { mode: "public", deny: ["*"] },
      },
    },
    assets: { fileBytes: 1, versionFiles: 100_000, accountBytes: 0, unusedMs: 600_000 },
    admission: { hostConcurrency: 1, accountCpuMsPerMinute: 0, maxWaitMs: 0, accountLogLinesPerSecond: 0 },
    egress: {
      mode: "listed",
      allow: ["api.example.com:443", "*.example.org", "[2001:db8::]/32:80-90", "*:443"],
      deny: ["192.0.2.0/24"],
      allowAddresses: ["10.0.0.0/8", "127.0.0.1:8080", "[::1]:80"],
      denyAddresses: ["::1"],
      connectTimeoutMs: 1_000,
      headersTimeoutMs: 1_000,
      bodyIdleMs: 1_000,
      totalTimeoutMs: 1_000,
    },
    cache: { objectBytes: 1, accountBytes: 2, accountEntries: 3, totalBytes: 4 },
    storage: { accountBytes: 0, minFreeBytes: 0 },
    liveClock: true,
    wasmCompile: true,
    onEvent() {},
    onLog() {},
    onStart() {},
    onCatastrophe() {},
    onBlame() {},
    onQuarantine() {},
    onRollback() {},
    onInternalError() {},
  };
  assert.equal(
    problems(() => checkHostOptions(all)),
    [],
  );
  assert.equal(
    problems(() => checkHostOptions({ dataFolder: undefined, warm: undefined } as unknown as HostOptions)),
    [],
  );
});

test("checkHostOptions takes a quarantine that is off, and none that is on without saying how", () => {
  assert.equal(
    problems(() => checkHostOptions({ quarantine: false })),
    [],
  );
  assert.equal(
    problems(() => checkHostOptions({ quarantine: true } as unknown as HostOptions)),
    ['"quarantine" is true; it must be false or a table (object)'],
  );
});

test("checkHostOptions names every option that is wrong, its value and what is allowed", () => {
  const wrong = {
    datafolder: "x",
    cell: "thread",
    cells: 0,
    limits: { cpuMs: "fast", memory: 1 },
    accounts: { ACME: {}, acme: { cache: { totalBytes: 1 }, egress: { deny: ["a b"], mode: "none" } } },
    assets: { unusedMs: 599_999 },
    cache: { accountBytes: -1, accountEntries: "many" },
    isolation: "none",
    quarantine: { strikes: 0, pausesMs: [2, 1] },
    autoRollback: { errorRate: 2, rate: 1 },
    maxCells: 0,
    egress: { allow: ["*"], allowAddresses: "10.0.0.0/8", denyAddresses: ["intranet"] },
    liveClock: "yes",
    onEvent: "log",
  };
  assert.equal(
    problems(() => checkHostOptions(wrong as unknown as HostOptions)),
    [
      '"datafolder" is no key that Skerry knows; did you mean "dataFolder"?',
      '"egress.allowAddresses" is "10.0.0.0/8"; it must be a list of addresses or CIDR ranges, such as ["10.1.0.0/16", "::1"]',
      '"egress.denyAddresses[0]" is "intranet"; it must be a list of addresses or CIDR ranges, such as ["10.1.0.0/16", "::1"]',
      '"egress.allow" has no effect unless "egress.mode" is "listed"',
      '"cell" is "thread"; it must be "process" or "in-process"',
      '"cells" is 0; it must be a whole number from 1 to 1024',
      '"isolation" is "none"; it must be "in-process" or "shared" or "account"',
      '"maxCells" is 0; it must be a whole number from 1 to 1024',
      '"quarantine.strikes" is 0; it must be a whole number from 1 to 1000',
      '"quarantine.pausesMs" is [2,1]; it must be a list of 1 to 20 pauses in ms, none shorter than the one before it',
      '"autoRollback.rate" is no key that Skerry knows; the keys here are errorRate, margin, windowMs, minRequests',
      '"autoRollback.errorRate" is 2; it must be a number from 0.01 to 1',
      '"limits.memory" is no key that Skerry knows; did you mean "memoryMb"?',
      '"limits.cpuMs" is "fast"; it must be a whole number from 1 to 300000',
      '"accounts.ACME": an account\'s name has 1 to 63 of a-z, 0-9, "-" and "_"',
      '"accounts.acme.cache.totalBytes" is no key that Skerry knows; the keys here are objectBytes, accountBytes, accountEntries',
      '"accounts.acme.egress.mode" is "none"; it must be "public" or "listed"',
      '"accounts.acme.egress.deny[0]" is "a b"; it must be a host ("api.example.com", "*.example.com", "*"), an address or a range ("192.0.2.0/24", "[2001:db8::]/32"), each with or without a port or ports (":443", ":8000-8999")',
      '"cache.accountBytes" is -1; it must be a whole number from 0 to 1125899906842624',
      '"cache.accountEntries" is "many"; it must be a whole number from 0 to 100000000',
      '"assets.unusedMs" is 599999; it must be a whole number from 600000 to 31536000000',
      '"liveClock" is "yes"; it must be true or false',
      '"onEvent" is "log"; it must be a function',
    ],
  );
  assert.equal(
    problems(() => checkHostOptions(7 as unknown as HostOptions)),
    ["the options are 7; they must be an object"],
  );
});

test("checkListenOptions names every option that is wrong", () => {
  const wrong = {
    port: "80",
    host: "::",
    trustedProxies: ["proxy"],
    maxConnectionsPerAddress: 0,
    fallback: 1,
    paths: { healthz: () => new Response(), "/x": 1 },
  };
  assert.equal(
    problems(() => checkListenOptions(wrong as unknown as ListenOptions)),
    [
      '"host" is no key that Skerry knows; the keys here are port, hostname, trustedProxies, maxConnections, maxConnectionsPerAddress, fallback, paths',
      '"port" is "80"; it must be a whole number from 0 to 65535',
      '"trustedProxies[0]" is "proxy"; it must be a list of addresses or CIDR ranges, such as ["10.1.0.0/16", "::1"]',
      '"maxConnectionsPerAddress" is 0; it must be a whole number from 1 to 1000000',
      '"fallback" is 1; it must be a function',
      '"paths" has "healthz"; a path begins with /',
      '"paths./x" is 1; it must be a function',
    ],
  );
});

test("createHost rejects with INVALID_OPTIONS before anything runs", async () => {
  const refused = async (options: object): Promise<string> =>
    await createHost(options as HostOptions).then(
      () => "made",
      (error: SkerryError) => error.code,
    );
  assert.is(await refused({ sparse: 2 }), "INVALID_OPTIONS");
  assert.is(await refused({ egress: { denyAddresses: ["10.0.0.0/99"] } }), "INVALID_OPTIONS");
});

test.run();
