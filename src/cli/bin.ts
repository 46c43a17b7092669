#!/usr/bin/env -S node --no-node-snapshot
import * as nodeModule from "node:module";
import { nodeProblem } from "./least-node.ts";

// What is imported here an old Node has to know too: the rest would fail with a name that it does not have.
const problem = nodeProblem(process.versions.node);
if (problem === null) {
  // Halves the time of every start but the first. What is imported before is not cached.
  nodeModule.enableCompileCache();
  const { runProgram } = await import("./program.ts");
  process.exitCode = await runProgram(process.argv.slice(2));
} else {
  console.error(`error: ${problem}`);
  process.exitCode = 1;
}
