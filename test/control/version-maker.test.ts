import { test } from "uvu";
import * as assert from "uvu/assert";
import { VERSION_SCRIPT_NAME } from "../../src/cell/version-code.ts";
import { VersionMaker, type VersionMakerParts } from "../../src/control/version-maker.ts";
import { packPositions } from "../../src/versions/pack-positions.ts";
import { packVersion } from "../../src/versions/pack.ts";
import type { Version } from "../../src/versions/version.ts";

const ERROR = { name: "Error", message: "m", stack: `Error: m\n    at f (${VERSION_SCRIPT_NAME}:3:9)` };
const MODULE = { name: "a.js", firstLine: 3, lines: 5, shifts: new Uint32Array(), sourceMap: null };

function packed(positions: Uint8Array): Uint8Array {
  const code = { script: "x".repeat(20e6), values: [] };
  return packVersion({ code, positions, main: "a.js", format: "modules", sizeBytes: 1, hash: "h" });
}

/** Versions of one account whose code the store has as `stored` says. */
function maker(stored: () => Uint8Array | null): {
  make: (id: string) => Version;
  reads: number;
  ms: number;
} {
  const parts = {
    control: { loadCode: () => (rig.reads++, stored()) },
    policy: () => ({ layers: [], ceilings: {}, isolation: "shared" }),
    spent: (account: string, tookMs: number) => (rig.ms += account === "acme" ? tookMs : 0),
  };
  // The parts that mapping has nothing to do with are left out.
  const versions = new VersionMaker(parts as unknown as VersionMakerParts);
  const config = { main: "a.js", env: [], slots: [], limits: {}, compatibilityDate: null };
  const identity = { account: "acme", worker: "w", config, secrets: [], createdAtMs: 0, note: {} };
  const rig = { make: (id: string) => versions.restore({ ...identity, id }), reads: 0, ms: 0 };
  return rig;
}

test("a version's errors have its own places, read once and charged to its account", async () => {
  const bytes = packed(packPositions({ modules: [MODULE] }));
  const rig = maker(() => bytes);
  const version = rig.make("v");
  for (let error = 0; error < 3; error++)
    assert.is((await version.mapError(ERROR)).stack, "Error: m\n    at f (a.js:1:9)");
  assert.is(rig.reads, 1);
  assert.ok(rig.ms > 80 && rig.ms < 81, `${rig.ms}`);
});

test("errors of a version without positions show nothing of the script, and none is read twice if it is broken", async () => {
  for (const [bytes, reads] of [
    [packed(Uint8Array.of(1, 2, 3)), 1],
    [null, 2],
  ] as const) {
    const rig = maker(() => bytes);
    const version = rig.make("v");
    assert.equal(await version.mapError(ERROR), { name: "Error", message: "m", stack: "Error: m" });
    assert.is(version.mapText(ERROR.stack), "Error: m");
    assert.is(rig.reads, reads);
  }
});

test("an account that has many versions read has no positions for the errors of further ones", async () => {
  const bytes = packed(packPositions({ modules: [MODULE] }));
  const rig = maker(() => bytes);
  // 0.08 s each, of 0.5 s and a twentieth of the time that passes.
  let mapped = 0;
  const stacks = new Set<string>();
  for (let version = 0; version < 100; version++) {
    const { stack } = await rig.make(`v${version}`).mapError(ERROR);
    stacks.add(stack);
    if (stack.includes("a.js")) mapped++;
  }
  assert.is(rig.reads, mapped);
  assert.equal([...stacks], ["Error: m\n    at f (a.js:1:9)", "Error: m"]);
});

test.run();
