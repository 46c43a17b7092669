import { test } from "uvu";
import * as assert from "uvu/assert";
import { tempFolder } from "../storage/temp-folder.ts";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

type Refusal = Error & { code: string };

/** What a promise rejects with; fails where it does not. */
async function refusal(promise: Promise<unknown>): Promise<Refusal> {
  const error = await promise.then(
    () => null,
    (reason: Refusal) => reason,
  );
  assert.ok(error, "it was accepted");
  return error!;
}

const REFUSED = [
  {
    what: "does not parse",
    source: "export default {\n  fetch() { return = 1; }\n};",
    says: "index.js:2:",
    code: "SCRIPT_REFUSED",
  },
  { what: "has no handlers", source: "export const a = 1;", says: "handler", code: "SCRIPT_REFUSED" },
  {
    what: "imports what is not there",
    source: `\nimport "./gone.js";\nexport default {};`,
    says: "index.js:2:",
    code: "SCRIPT_REFUSED",
  },
  {
    what: "throws at the top level",
    source: "const a = null;\na.b;\nexport default { fetch() {} };",
    says: "index.js:2:",
    code: "SCRIPT_REFUSED",
  },
  {
    what: "throws what is no error",
    source: "throw new Proxy({}, { get() { for (;;); } });",
    says: "index.js: it threw [object Object]",
    code: "SCRIPT_REFUSED",
  },
  {
    what: "hangs at the top level",
    source: "while (true) {}\nexport default { fetch() {} };",
    says: "CPU",
    code: "SCRIPT_REFUSED",
  },
  {
    what: "awaits at the top level what never comes",
    source: "await new Promise(() => {});\nexport default { fetch() {} };",
    says: "await",
    code: "SCRIPT_REFUSED",
  },
  {
    what: "does I/O at the top level",
    source: "await fetch('http://x/');\nexport default { fetch() {} };",
    says: "global scope",
    code: "SCRIPT_REFUSED",
  },
] as const;

for (const cell of CELLS) {
  for (const { what, source, says, code } of REFUSED) {
    test(`host.deploy refuses a worker that ${what}; the earlier version serves on (${cell})`, async () => {
      await using at = await makeHost({ cell });
      const worker = await at.host.deploy(
        upload("w", `export default { fetch() { return new Response("v1"); } };`),
      );
      const error = await refusal(at.host.deploy(upload("w", source, { limits: { startupCpuMs: 300 } })));
      assert.is(error.code, code);
      assert.ok(error.message.includes(says), error.message);
      assert.is(await (await worker.fetch("http://w/")).text(), "v1");
    });
  }

  test(`an uncaught error shows the worker's own files, lines and no host frames (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy({
      name: "throws",
      main: "index.js",
      modules: [
        {
          name: "index.js",
          type: "esm",
          content: `import { fail } from "./lib/fail.js";\nexport default {\n  async fetch() {\n    await 0;\n    return fail();\n  },\n};`,
        },
        {
          name: "lib/fail.js",
          type: "esm",
          content: `// a comment\nexport function fail() {\n  throw new TypeError("as planned");\n}`,
        },
      ],
    });
    const answer = await worker.fetch("http://throws/");
    assert.is(answer.status, 500);
    const page = await answer.text();
    assert.match(page, "1101");
    assert.not.match(page, "as planned");
    await until("it is recorded", () => at.events.length === 1);
    const { exception, outcome } = at.events[0]!;
    assert.is(outcome, "exception");
    assert.is(exception!.name, "TypeError");
    assert.is(exception!.message, "as planned");
    assert.match(exception!.stack, /fail \(lib\/fail\.js:3:9\)/);
    assert.match(exception!.stack, /index\.js:5:12/);
    assert.not.match(exception!.stack, /\/src\/|isolated-vm|node:|file:\/\//);
  });

  test(`errors in the log show the worker's own files too, those of the top level included (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "logs",
        `console.error(new Error("at the top"));
export default {
  fetch() {
    console.warn("note", new RangeError("logged"));
    Promise.reject(new Error("floats"));
    return new Response("x");
  },
};`,
      ),
    );
    await (await worker.fetch("http://logs/")).text();
    await until("all is logged", () => at.logs.length === 3);
    const [top] = at.logs;
    const warning = at.logs.find(({ level }) => level === "warn");
    const floating = at.logs.find(({ text }) => text.includes("floats"));
    assert.equal([top!.eventId, top!.level], [0, "error"]);
    assert.match(top!.text, /^Error: at the top\n    at index\.js:1:15$/);
    assert.match(warning!.text, /^note RangeError: logged\n    at Object\.fetch \(index\.js:4:26\)$/);
    assert.match(floating!.text, /Error: floats\n    at Object\.fetch \(index\.js:5:20\)$/);
  });

  test(`modules of all kinds work together (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const wasm = new Uint8Array([
      0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0,
      0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11,
    ]);
    const worker = await at.host.deploy({
      name: "mixed",
      main: "index.js",
      modules: [
        {
          name: "index.js",
          type: "esm",
          content: `
          import text from "./page.txt"; import data from "./data.bin"; import config from "./config.json";
          import add from "./add.wasm"; import cjs from "./old.cjs"; import { count, up } from "./live.js";
          const later = await import("./" + "live" + ".js");
          export default { async fetch() {
            const { exports } = await WebAssembly.instantiate(add);
            up();
            const dynamic = await import("./dynamic.js");
            return Response.json({ text, data: data.byteLength, config, sum: exports.add(2, 3), cjs: cjs.sloppy(), count, later: later.count, dynamic: dynamic.name, meta: typeof import.meta });
          } };`,
        },
        { name: "page.txt", type: "text", content: "a page" },
        { name: "data.bin", type: "data", content: new Uint8Array(5) },
        { name: "config.json", type: "json", content: `{"a":[1]}` },
        { name: "add.wasm", type: "wasm", content: wasm },
        {
          name: "old.cjs",
          type: "cjs",
          content: `exports.sloppy = function () { undeclared = 1; return typeof this === "object" && undeclared; };`,
        },
        { name: "live.js", type: "esm", content: `export let count = 0; export function up() { count++; }` },
        { name: "dynamic.js", type: "esm", content: `export const name = "dynamic";` },
      ],
    });
    assert.equal(await (await worker.fetch("http://mixed/")).json(), {
      text: "a page",
      data: 5,
      config: { a: [1] },
      sum: 5,
      cjs: 1,
      count: 1,
      later: 1,
      dynamic: "dynamic",
      meta: "object",
    });
  });

  test(`a worker in service-worker format answers, with bindings as globals (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy({
      name: "old",
      main: "worker.js",
      vars: { NAME: "global" },
      modules: [
        {
          name: "worker.js",
          type: "script",
          content: `addEventListener("fetch", (event) => event.respondWith(new Response(NAME)));`,
        },
      ],
    });
    assert.is(await (await worker.fetch("http://old/")).text(), "global");
  });
}

test("host.deploy names every field that is wrong, with its value", async () => {
  await using at = await makeHost();
  const error = await refusal(
    at.host.deploy({
      name: "Bad Name",
      main: "",
      modules: [{ name: "a", type: "php" as "esm", content: "" }],
      vars: { __proto__x: 1, "a b": 2 },
      kvNamespaces: [{ binding: "KV", id: "../up" }],
      routes: ["http://x y/*"],
    }),
  );
  assert.is(error.code, "INVALID_UPLOAD");
  for (const part of [
    `name is "Bad Name"`,
    "main is",
    `modules[0].type is "php"`,
    "vars.a b",
    `kvNamespaces[0].id is "../up"`,
    "routes[0]",
  ]) {
    assert.ok(error.message.includes(part), `${part} is not in: ${error.message}`);
  }
});

test("workers survive a restart of the host, and their data with them", async () => {
  const { mkdtemp, rm } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const { join } = await import("node:path");
  const dataFolder = await mkdtemp(join(tmpdir(), "skerry-test-"));
  try {
    const source = `export default { async fetch(request, env) {
      const n = Number(await env.KV.get("n")) + 1; await env.KV.put("n", String(n)); return new Response(env.HI + n);
    } };`;
    {
      await using at = await makeHost({ dataFolder });
      const worker = await at.host.deploy(
        upload("keeps", source, {
          vars: { HI: "hi " },
          kvNamespaces: [{ binding: "KV", id: "counts" }],
          routes: ["keeps.test/*"],
        }),
      );
      assert.is(await (await worker.fetch("http://keeps.test/")).text(), "hi 1");
    }
    await using at = await makeHost({ dataFolder });
    assert.is(await (await at.host.fetch("http://keeps.test/")).text(), "hi 2");
    const second = await refusal(makeHost({ dataFolder }));
    assert.is(second.code, "DATA_FOLDER_IN_USE");
    assert.match(second.message, String(process.pid));
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
});

test("a request that waits for a start while its worker is deleted finds no worker, and nothing is at fault", async () => {
  using folder = tempFolder();
  const dataFolder = folder.path;
  const hello = `export default { fetch: () => new Response("hello") }`;
  const faults: unknown[] = [];
  {
    await using at = await makeHost({ dataFolder });
    await at.host.deploy(upload("slow", `for (let i = 0, x = 1; i < 1e7; i++) x = (x * 7) % 11; ${hello}`));
    await at.host.deploy(upload("gone", hello));
  }
  const warm = { maxLoading: 1 };
  await using at = await makeHost({ dataFolder, warm, onInternalError: (error) => faults.push(error) });
  const slow = at.host.worker("slow")!.fetch("http://x/");
  const gone = at.host.worker("gone")!.fetch("http://x/");
  await at.host.delete("gone");
  assert.is((await slow).status, 200);
  assert.is((await gone).status, 404);
  assert.equal(faults, []);
});

test("a worker that is deployed anew has used nothing yet, whoever deleted the one before", async () => {
  await using at = await makeHost();
  const { host } = at;
  const used = async (): Promise<number | undefined> => (await host.stats()).workers[0]?.requests;
  for (const remove of [() => host.delete("counted"), () => host.control.delete("counted")]) {
    const worker = await host.deploy(upload("counted", `export default { fetch: () => new Response("x") }`));
    assert.is(await used(), 0);
    await (await worker.fetch("http://x/")).text();
    while ((await used()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await remove();
  }
  await host.deploy(upload("counted", `export default { fetch: () => new Response("x") }`));
  assert.is(await used(), 0);
});

test("the hosts of these tests close", closeHosts);

test.run();
