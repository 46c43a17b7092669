import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { systemClock } from "../../src/clock/clock.ts";
import { tryStart } from "../../src/control/try-start.ts";
import { createHost, type WorkerUpload } from "../../src/index.ts";
import { DEFAULT_LIMITS } from "../../src/limits/defaults.ts";
import type { Version } from "../../src/versions/version.ts";
import { DEFAULT_WARM_OPTIONS } from "../../src/warm/options.ts";
import { WarmPool } from "../../src/warm/warm-pool.ts";
import { within } from "../cell/harness.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { silentCell } from "../warm/silent-cell.ts";

const WAIT_MS = 150_000;

function upload(name: string, functions: number): WorkerUpload {
  const rest = Array.from(
    { length: functions },
    (_, n) => `export function f${n}(a, b) { return [a + b, a * ${n}, "function number ${n}"]; }`,
  ).join("\n");
  const content = `export default { fetch: () => new Response("${name}") };\n${rest}`;
  return {
    name,
    main: "i.js",
    modules: [{ name: "i.js", type: "esm", content }],
    routes: [`${name}.test/*`],
  };
}

test("tryStart keeps the code cache of a large script, so that a host that never served it starts it with that", async () => {
  using folder = tempFolder();
  {
    await using host = await createHost({ dataFolder: folder.path });
    await host.deploy(upload("large", 2_000));
    await host.deploy(upload("small", 1));
  }
  const used = new Map<string, string>();
  await using host = await createHost({
    dataFolder: folder.path,
    onStart: ({ worker, codeCache }) => used.set(worker, codeCache),
  });
  for (const name of ["large", "small"])
    assert.is(await (await host.fetch(`http://${name}.test/`)).text(), name);
  assert.equal(
    [...used],
    [
      ["large", "used"],
      ["small", "none"],
    ],
  );
});

test("tryStart keeps no code cache of one account for another that has the same script, where cells are the account's own", async () => {
  using folder = tempFolder();
  const codeCaches = async (): Promise<number> =>
    (await readdir(join(folder.path, "code-cache"))).filter((file) => file.endsWith(".cache")).length;
  const used: string[] = [];
  await using host = await createHost({
    dataFolder: folder.path,
    isolation: "account",
    onStart: ({ account, codeCache }) => used.push(`${account} ${codeCache}`),
  });
  await host.deploy({ ...upload("same", 2_000), account: "one", routes: [] });
  assert.is(await codeCaches(), 1);
  await host.deploy({ ...upload("same", 2_000), account: "two", routes: [] });
  assert.is(await codeCaches(), 2);
  await host.deploy({ ...upload("same", 2_000), account: "two", routes: [] });
  assert.is(await codeCaches(), 2);
  assert.equal(used, ["one none", "two none", "two used"]);
});

/** A pool over a cell that answers `makeCodeCache` so, and a version of a large script. */
function rig(makeCodeCache: () => Promise<Uint8Array | null>): {
  pool: WarmPool;
  version: Version;
  uncacheable: Version[];
  reads: () => number;
} {
  const uncacheable: Version[] = [];
  let reads = 0;
  const cell = silentCell({ makeCodeCache });
  const pool = new WarmPool(
    { ...DEFAULT_WARM_OPTIONS, maxPerVersion: 1, cores: 1 },
    systemClock,
    { kind: "process", count: 1, maxOwn: 1, aloneAs: () => null, create: () => cell },
    { uncacheable: (it) => uncacheable.push(it) },
  );
  const version = {
    account: "a",
    worker: "w",
    id: "1",
    limits: DEFAULT_LIMITS,
    isolation: "shared",
    hasCode: true,
    configJson: "{}",
    bindings: [],
    code: async () => {
      reads++;
      return { script: "x".repeat(100_000), codeCache: undefined, values: [] };
    },
  } as unknown as Version;
  return { pool, version, uncacheable, reads: () => reads };
}

test("tryStart gives up a code cache that the cell never answers with", async () => {
  let asked = 0;
  const { pool, version, reads } = rig(() => {
    asked++;
    return new Promise(() => {});
  });
  const start = await within(WAIT_MS, tryStart(pool, version, "i.js", 1), "a start");
  assert.equal(start.handlers, ["fetch"]);
  assert.is(asked, 1);
  assert.is(reads(), 1, "the code is read once");
  await pool.close();
});

test("a version of which a cell makes no code cache is told of once, and not asked for another one", async () => {
  let asked = 0;
  const { pool, version, uncacheable } = rig(async () => {
    asked++;
    return null;
  });
  for (let i = 0; i < 3; i++) await tryStart(pool, version, "i.js");
  assert.is(asked, 1);
  assert.equal(uncacheable, [version]);
  await pool.close();
});

test.run();
