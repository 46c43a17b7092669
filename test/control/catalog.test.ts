import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ActiveWorker, Catalog } from "../../src/control/catalog.ts";
import { DEFAULT_LIMITS } from "../../src/limits/defaults.ts";
import type { Version } from "../../src/versions/version.ts";

function version(worker: string, id: string): Version {
  const never = (): never => assert.unreachable("nobody asks for code here") as never;
  return {
    account: "a",
    worker,
    id,
    isolation: "shared",
    hasCode: true,
    assets: null,
    limits: DEFAULT_LIMITS,
    configJson: "{}",
    bindings: [],
    code: never,
    keepCodeCache: never,
    mapError: never,
    mapText: never,
  };
}

function active(id: string, route: string): ActiveWorker {
  return {
    account: "a",
    worker: "w",
    traffic: [{ version: version("w", id), percent: 100 }],
    routes: [route],
  };
}

test("Catalog.route follows the active version of the worker that has the route", () => {
  const catalog = new Catalog();
  assert.equal(catalog.activate(active("1", "w.test/*")), []);
  assert.is(catalog.route("w.test", "/")?.id, "1");
  assert.equal(
    catalog.activate(active("2", "w.test/*")).map(({ id }) => id),
    ["1"],
  );
  assert.is(catalog.route("w.test", "/")?.id, "2");
});

test("Catalog.route knows changed and removed routes at once", () => {
  const catalog = new Catalog();
  catalog.activate(active("1", "w.test/*"));
  assert.is(catalog.route("w.test", "/")?.id, "1");
  catalog.activate(active("2", "other.test/*"));
  assert.is(catalog.route("w.test", "/"), null);
  assert.is(catalog.route("other.test", "/")?.id, "2");
  catalog.remove("a", "w");
  assert.is(catalog.route("other.test", "/"), null);
});

test("Catalog.route shares traffic by percent, by key, and as a request asks", () => {
  const catalog = new Catalog();
  const [old, fresh] = [version("w", "old"), version("w", "new")];
  const traffic = [
    { version: old, percent: 75 },
    { version: fresh, percent: 25 },
  ];
  catalog.activate({ account: "a", worker: "w", traffic, routes: ["w.test/*"] });
  const ask = (headers = ""): string | undefined => catalog.route("w.test", "/", headers)?.id;
  const count = (ids: readonly (string | undefined)[]): number => ids.filter((id) => id === "new").length;
  const some = Array.from({ length: 4_000 }, () => ask());
  assert.ok(Math.abs(count(some) - 1_000) < 200, `${count(some)} of 4000 at random`);
  const keyed = Array.from({ length: 4_000 }, (_, n) => ask(`Cloudflare-Workers-Version-Key\nuser ${n}`));
  assert.ok(Math.abs(count(keyed) - 1_000) < 200, `${count(keyed)} of 4000 by key`);
  const again = Array.from({ length: 4_000 }, (_, n) => ask(`cloudflare-workers-version-key\nuser ${n}`));
  assert.equal(again, keyed);
  const override = "cloudflare-workers-version-overrides";
  assert.is(ask(`${override}\nx="1", w="new"`), "new");
  assert.is(ask(`${override}\nw="old"`), "old");
  assert.ok(["old", "new"].includes(ask(`${override}\nw="gone"`) ?? ""));
  const dropped = catalog.activate({
    account: "a",
    worker: "w",
    traffic: [{ version: fresh, percent: 100 }],
    routes: [],
  });
  assert.equal(
    dropped.map(({ id }) => id),
    ["old"],
  );
});

test("Catalog.route gives each of ten versions to whoever asks for it, and keys to nine as they were with ten", () => {
  const catalog = new Catalog();
  const versions = Array.from({ length: 10 }, (_, n) => version("w", `id-${n}`));
  const deploy = (some: readonly Version[]): void => {
    const traffic = some.map((one) => ({ version: one, percent: 100 / some.length }));
    catalog.activate({ account: "a", worker: "w", traffic, routes: ["w.test/*"] });
  };
  const keyed = (): (string | undefined)[] =>
    Array.from(
      { length: 1_000 },
      (_, n) => catalog.route("w.test", "/", `cloudflare-workers-version-key\nuser ${n}`)?.id,
    );
  deploy(versions);
  for (const { id } of versions) {
    const headers = `cloudflare-workers-version-overrides\nw="${id}"`;
    assert.is(catalog.route("w.test", "/", headers)?.id, id);
  }
  const before = keyed();
  deploy(versions.slice(1));
  const after = keyed();
  assert.ok(before.every((id, n) => id === "id-0" || id === after[n]));
});

test.run();
