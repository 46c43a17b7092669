import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildImage } from "../src/isolate/image-script.ts";
import { ROOT, run } from "./run.ts";

// What is published: `dist/` mirrors the sources as JavaScript with declarations, with the image beside them.
const dist = join(ROOT, "dist");
rmSync(dist, { recursive: true, force: true });
run("tsc", ["-p", ".scripts/tsconfig.build.json"]);
chmodSync(join(dist, "src/cli/bin.js"), 0o755);
await buildImage(dist);
