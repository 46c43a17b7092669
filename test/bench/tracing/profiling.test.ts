import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { profilingActions } from "../../../bench/subjects/servers/profiling.ts";
import { site } from "../../../bench/subjects/site.ts";
import { skerry } from "../../../bench/subjects/skerry.ts";
import { createHost } from "../../../src/index.ts";
import { tempFolder } from "../../storage/temp-folder.ts";

const NOTHING = new URLSearchParams();

async function refusal(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was refused";
}

test("a server of which nobody wants profiles has no command for them", async () => {
  using temporary = tempFolder();
  const folder = temporary.path;
  const subject = skerry("in-process");
  await subject.prepare!(site(), folder);
  await using served = await subject.start(site(), folder);
  const control = served.control!;
  const to = join(folder, "profiles");
  assert.match(await refusal(() => control("profile-start?name=cold")), "there is no action /profile-start");
  assert.match(
    await refusal(() => control(`profile-stop?folder=${encodeURIComponent(to)}`)),
    "there is no action /profile-stop",
  );
  assert.match(await refusal(() => control("constructor")), "there is no action /constructor");
  assert.not.ok(existsSync(to));
});

test("profiles lie in the folder that the server was given, and it is made when there is one", async () => {
  using temporary = tempFolder();
  const folder = temporary.path;
  const to = join(folder, "profiles");
  await using host = await createHost({ cell: "in-process", cells: 1 });
  const { "profile-start": start, "profile-stop": stop } = profilingActions(host, to);
  assert.match(await refusal(() => stop!(NOTHING)), "no profile was started");
  for (const name of ["../cold", "", "toString"])
    assert.match(
      await refusal(() => start!(new URLSearchParams({ name }))),
      `name is ${JSON.stringify(name)}; it must be cold or warm`,
    );
  assert.not.ok(existsSync(to));
  await start!(new URLSearchParams({ name: "warm" }));
  assert.match(await refusal(() => start!(new URLSearchParams({ name: "cold" }))), "warm is not over");
  await stop!(new URLSearchParams({ folder: join(folder, "elsewhere") }));
  assert.equal(readdirSync(folder), ["profiles"]);
  assert.equal(readdirSync(to), ["warm"]);
  assert.equal(readdirSync(join(to, "warm")).toSorted(), ["heap.json", "host.cpuprofile"]);
});

test.run();
