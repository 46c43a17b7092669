import { test } from "uvu";
import * as assert from "uvu/assert";
import { nearest } from "../../src/errors/nearest.ts";

test("nearest finds the name that was meant", () => {
  const known = ["kv_namespaces", "vars", "compatibility_date", "compatibility_flags", "dev"];
  const cases = [
    ["kvNamespaces", "kv_namespaces"],
    ["kv_namespace", "kv_namespaces"],
    ["compatability_date", "compatibility_date"],
    ["compatibilty_flag", "compatibility_flags"],
    ["vasr", "vars"],
    ["DEV", "dev"],
  ] as const;
  for (const [found, expected] of cases) assert.is(nearest(found, known), expected, found);
});

test("nearest guesses nothing where no name is near, or the name is absurdly long", () => {
  for (const found of ["", "x", "dex", "durable_objects", "vars".repeat(1_000_000)])
    assert.is(nearest(found, ["vars", "dev", "kv_namespaces"]), undefined);
});

test.run();
