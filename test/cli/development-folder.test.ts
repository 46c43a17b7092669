import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeDevelopmentFolder } from "../../src/cli/development-folder.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";

test("the data of development has a folder of its own that only its owner reads and Git ignores", () => {
  using project = projectFolder({});
  const folder = makeDevelopmentFolder(project.path);
  assert.is(folder, join(project.path, ".skerry/dev"));
  assert.is(statSync(folder).mode & 0o777, 0o700);
  assert.is(statSync(join(project.path, ".skerry")).mode & 0o777, 0o700);
  const ignore = join(project.path, ".skerry/.gitignore");
  assert.is(readFileSync(ignore, "utf8"), "*\n");

  project.write(".skerry/.gitignore", "kv\n");
  makeDevelopmentFolder(project.path);
  assert.is(readFileSync(ignore, "utf8"), "kv\n");
});

test("a folder that is told is ignored by Git if it is new, and stays as it is if not", () => {
  using project = projectFolder({ "index.js": "" });
  makeDevelopmentFolder(project.path, project.path);
  assert.not.ok(existsSync(join(project.path, ".gitignore")));
  const folder = makeDevelopmentFolder(project.path, join(project.path, "data"));
  assert.is(statSync(folder).mode & 0o777, 0o700);
  assert.is(readFileSync(join(folder, ".gitignore"), "utf8"), "*\n");
  assert.not.ok(existsSync(join(project.path, ".skerry")));
});

test.run();
