import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../src/index.ts";

/** Names in code in the last column of the table in docs/hosting.md, by the first. */
function documented(): Map<string, string[]> {
  const page = readFileSync("docs/hosting.md", "utf8");
  const section = page.slice(page.indexOf("## Watching a host"), page.indexOf("## Stopping"));
  const rows = section.matchAll(/^\| (?:`(\w+)` )?\| .* \| (.*) \|$/gm);
  return new Map(
    [...rows].map(([, part = "", names = ""]) => [
      part,
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
    ]),
  );
}

test("docs/hosting.md names all that stats() tells, and nothing else", async () => {
  const host = await createHost({ cells: 1, spares: 0 });
  try {
    const content = "export default { fetch: () => new Response() };";
    const worker = await host.deploy({
      name: "a",
      main: "a.js",
      modules: [{ name: "a.js", type: "esm", content }],
    });
    await worker.fetch("http://a/");
    const stats: Readonly<Record<string, unknown>> = { ...(await host.stats()) };
    const told = new Map<string, string[]>([["", []]]);
    for (const [name, value] of Object.entries(stats)) {
      const [one] = Array.isArray(value) ? (value as unknown[]) : [value];
      if (typeof one === "object" && one !== null) told.set(name, Object.keys(one));
      else told.get("")!.push(name);
    }
    const page = documented();
    assert.equal([...page.keys()].toSorted(), [...told.keys()].toSorted());
    for (const [part, names] of told) assert.equal(page.get(part)!.toSorted(), names.toSorted(), part);
  } finally {
    await host.close(0);
  }
});

test.run();
