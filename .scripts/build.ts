import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run } from "./run.ts";

// What is published: `dist/` mirrors the sources as JavaScript with declarations.
rmSync(join(ROOT, "dist"), { recursive: true, force: true });
run("tsc", ["-p", ".scripts/tsconfig.build.json"]);
chmodSync(join(ROOT, "dist/src/cli/bin.js"), 0o755);
