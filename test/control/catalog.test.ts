import { test } from "uvu";
import * as assert from "uvu/assert";
import { Catalog } from "../../src/control/catalog.ts";
import { DEFAULT_LIMITS } from "../../src/limits/defaults.ts";
import type { Version } from "../../src/versions/version.ts";

function version(worker: string, id: string): Version {
  const never = (): never => assert.unreachable("nobody asks for code here") as never;
  return {
    account: "a",
    worker,
    id,
    limits: DEFAULT_LIMITS,
    configJson: "{}",
    bindings: [],
    code: never,
    keepCodeCache: never,
    mapError: never,
    mapText: never,
  };
}

test("Catalog.route follows the active version of the worker that has the route", () => {
  const catalog = new Catalog();
  assert.is(catalog.activate({ version: version("w", "1"), routes: ["w.test/*"] }), undefined);
  assert.is(catalog.route("w.test", "/")?.id, "1");
  assert.is(catalog.activate({ version: version("w", "2"), routes: ["w.test/*"] })?.id, "1");
  assert.is(catalog.route("w.test", "/")?.id, "2");
});

test("Catalog.route knows changed and removed routes at once", () => {
  const catalog = new Catalog();
  catalog.activate({ version: version("w", "1"), routes: ["w.test/*"] });
  assert.is(catalog.route("w.test", "/")?.id, "1");
  catalog.activate({ version: version("w", "2"), routes: ["other.test/*"] });
  assert.is(catalog.route("w.test", "/"), null);
  assert.is(catalog.route("other.test", "/")?.id, "2");
  catalog.remove("a", "w");
  assert.is(catalog.route("other.test", "/"), null);
});

test.run();
