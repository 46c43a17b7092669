import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";

interface Package {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

test("package.json names exact versions, and the lockfile the same", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Package;
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: Record<string, Partial<Package> & { version?: string }>;
  };
  assert.equal(lock.packages[""]?.dependencies, dependencies);
  assert.equal(lock.packages[""]?.devDependencies, devDependencies);
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    // A second version of a package has a name of its own.
    const exact = version.replace(/^npm:[\w@/-]+@/, "");
    assert.match(exact, /^\d+\.\d+\.\d+$/, name);
    assert.is(lock.packages[`node_modules/${name}`]?.version, exact, name);
  }
});

test.run();
