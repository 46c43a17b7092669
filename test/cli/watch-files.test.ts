import { test } from "uvu";
import * as assert from "uvu/assert";
import { FileWatcher } from "../../src/cli/watch-files.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";

/** A watcher with a promise for its next change; several events of one save count once. */
function watching(root: string): {
  watcher: FileWatcher;
  next: (patienceMs?: number) => Promise<"change" | "quiet">;
} {
  let told = Promise.withResolvers<"change">();
  const watcher = new FileWatcher(root, () => {
    told.resolve("change");
    told = Promise.withResolvers<"change">();
  });
  const next = (patienceMs = 60_000): Promise<"change" | "quiet"> =>
    Promise.race([
      told.promise,
      new Promise<"quiet">((resolve) => setTimeout(resolve, patienceMs, "quiet").unref()),
    ]);
  return { watcher, next };
}

test("FileWatcher tells of changes in the project, also in folders that are new", async () => {
  using folder = projectFolder({ "index.js": "1", "src/a.js": "1" });
  const { watcher, next } = watching(folder.path);
  using _ = watcher;
  let change = next();
  folder.write("src/a.js", "2");
  assert.is(await change, "change");
  change = next();
  folder.write("lib/b.js", "1");
  assert.is(await change, "change");
  watcher.watch([]);
  change = next();
  folder.write("lib/b.js", "2");
  assert.is(await change, "change");
});

test("FileWatcher tells of files outside the project that went into the worker", async () => {
  using outside = projectFolder({ "shared.js": "1" });
  using folder = projectFolder({ "index.js": "1" });
  const { watcher, next } = watching(folder.path);
  using _ = watcher;
  watcher.watch([`${outside.path}/shared.js`]);
  const change = next();
  outside.write("shared.js", "2");
  assert.is(await change, "change");
});

test("FileWatcher is quiet about data, packages and editors' files", async () => {
  using folder = projectFolder({ "index.js": "1", ".skerry/kv.db": "1", "node_modules/a/index.js": "1" });
  const { watcher, next } = watching(folder.path);
  using _ = watcher;
  const change = next(1_000);
  folder.write(".skerry/kv.db", "2");
  folder.write("node_modules/a/index.js", "2");
  folder.write(".index.js.swp", "2");
  folder.write("index.js~", "2");
  assert.is(await change, "quiet");
});

test.run();
