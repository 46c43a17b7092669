import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type WorkerUpload } from "../../src/index.ts";
import { tempFolder } from "../storage/temp-folder.ts";

function upload(name: string, functions: number): WorkerUpload {
  const rest = Array.from(
    { length: functions },
    (_, n) => `export function f${n}(a, b) { return [a + b, a * ${n}, "function number ${n}"]; }`,
  ).join("\n");
  const content = `export default { fetch: () => new Response("${name}") };\n${rest}`;
  return {
    name,
    main: "i.js",
    modules: [{ name: "i.js", type: "esm", content }],
    routes: [`${name}.test/*`],
  };
}

test("tryStart keeps the code cache of a large script, so that a host that never served it starts it with that", async () => {
  using folder = tempFolder();
  {
    await using host = await createHost({ dataFolder: folder.path });
    await host.deploy(upload("large", 2_000));
    await host.deploy(upload("small", 1));
  }
  const used = new Map<string, string>();
  await using host = await createHost({
    dataFolder: folder.path,
    onStart: ({ worker, codeCache }) => used.set(worker, codeCache),
  });
  for (const name of ["large", "small"])
    assert.is(await (await host.fetch(`http://${name}.test/`)).text(), name);
  assert.equal(
    [...used],
    [
      ["large", "used"],
      ["small", "none"],
    ],
  );
});

test.run();
