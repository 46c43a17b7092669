#!/usr/bin/env -S node --no-node-snapshot
import { enableCompileCache } from "node:module";

// Halves the time of every start but the first. What is imported before is not cached.
enableCompileCache();
const { runProgram } = await import("./program.ts");

process.exitCode = await runProgram(process.argv.slice(2));
