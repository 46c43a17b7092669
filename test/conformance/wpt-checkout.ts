import { existsSync, globSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "./suites.ts";

/** The edition of web-platform-tests that the expectations were written for. */
export const EDITION = "6e262e10336a474e1d9b8765ffafcbde5e38b47f";

/** What to do where there is no checkout. */
export const HOW_TO_GET_ONE: string = `The conformance runner needs a checkout of web-platform-tests, which is not part of Skerry:

  git clone --depth 1 https://github.com/web-platform-tests/wpt
  node --no-node-snapshot test/conformance/run.ts --wpt ./wpt url streams

or set WPT_FOLDER to its folder. The committed expectations belong to the edition of 28 August 2025; a newer one
has tests that they do not know. Tests that fetch need python3, which serves the checkout.`;

/** Whether a folder is a checkout. */
export function isCheckout(folder: string): boolean {
  return existsSync(join(folder, "resources/testharness.js"));
}

/** The test files of a suite, relative to the checkout, sorted. */
export function suiteFiles(folder: string, suite: Suite): string[] {
  const left = Object.keys(suite.without ?? {});
  const found = suite.paths.flatMap((path) => {
    if (!existsSync(join(folder, path))) return [];
    if (statSync(join(folder, path)).isFile()) return [path];
    return globSync(["**/*.any.js", "**/*.worker.js"], { cwd: join(folder, path) }).map(
      (file) => `${path}/${file}`,
    );
  });
  return found.filter((file) => !left.some((start) => file.startsWith(start))).toSorted();
}
