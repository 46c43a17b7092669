import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LEAST_MAJOR, nodeProblem } from "../../src/cli/least-node.ts";

test("nodeProblem() names a Node that is too old, and what would do", () => {
  assert.is(nodeProblem("20.20.2"), "Node 20.20.2 is too old for Skerry: take Node 24 or newer");
  assert.is(nodeProblem("24.0.0"), null);
  assert.is(nodeProblem(process.versions.node), null);
});

test("package.json and README name the same oldest Node", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { engines: { node: string } };
  assert.is(engines.node, `>=${LEAST_MAJOR}`);
  assert.match(readFileSync("README.md", "utf8"), `Node has to be ${LEAST_MAJOR} or newer`);
});

// An old Node links all that is imported before anything runs.
test("the command imports nothing that an old Node does not know before it has looked", () => {
  const names = [...readFileSync("src/cli/bin.ts", "utf8").matchAll(/^import (.*) from "(.*)";$/gm)];
  assert.equal(
    names.map(([, what, from]) => `${what} of ${from}`),
    ["* as nodeModule of node:module", "{ nodeProblem } of ./least-node.ts"],
  );
});

test.run();
