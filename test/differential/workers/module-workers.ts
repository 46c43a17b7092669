import type { DifferentialWorker } from "../differential-case.ts";
import { asking, worker } from "./worker.ts";

const ADD_WASM = Buffer.from(
  "0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b",
  "hex",
);

/** Kinds of modules, and how they are imported. */
export const MODULE_WORKERS: readonly DifferentialWorker[] = [
  worker("modules", "esm-imports", {
    "index.js": `import { one, default as two } from "./lib/a.js"; import * as all from "./lib/b.js";
      export default { fetch: () => Response.json([one, two, Object.keys(all), import.meta.url === undefined, typeof import.meta]) };`,
    "lib/a.js": `import { three } from "./b.js"; export const one = 1; export default three + 2;`,
    "lib/b.js": `export const three = 3; export let four = 4; export default function five() {}`,
  }),
  worker("modules", "esm-cycle", {
    "index.js": `import { b } from "./b.js"; export const a = () => "a"; export default { fetch: () => new Response(b()) };`,
    "b.js": `import { a } from "./index.js"; export const b = () => a() + "b";`,
  }),
  worker("modules", "dynamic-import", {
    "index.js": `export default { async fetch() {
        const lazy = await import("./lazy.js");
        let missing; try { await import("./none.js"); } catch (e) { missing = e.name; }
        const name = "./lazy.js";
        return Response.json([lazy.value, (await import(name)) === lazy, missing]); } };`,
    "lazy.js": `export const value = "lazy";`,
  }),
  worker("modules", "top-level-await", {
    "index.js": `const value = await Promise.resolve(5); export default { fetch: () => new Response(String(value)) };`,
  }),
  worker("modules", "text-data-json-wasm", {
    "index.js": `import text from "./a.txt"; import data from "./a.bin"; import json from "./a.json"; import wasm from "./a.wasm";
      export default { async fetch() { const { exports } = await WebAssembly.instantiate(wasm); 
        return Response.json([text, data.constructor.name, [...new Uint8Array(data)], json, wasm.constructor.name, exports.add(2, 3)]); } };`,
    "a.txt": { type: "text", content: "some text" },
    "a.bin": { type: "data", content: Buffer.from([1, 2, 255]) },
    "a.json": { type: "json", content: '{"a":[1,2]}' },
    "a.wasm": { type: "wasm", content: ADD_WASM },
  }),
  worker("modules", "commonjs", {
    "index.js": `import cjs from "./c.cjs"; import * as all from "./c.cjs";
      export default { fetch: () => Response.json([cjs, Object.keys(all).sort()]) };`,
    "c.cjs": {
      type: "cjs",
      content: `const d = require("./d.cjs"); module.exports = { d: d.value, self: typeof exports, file: typeof __filename };`,
    },
    "d.cjs": { type: "cjs", content: `exports.value = "from d";` },
  }),
  worker("modules", "commonjs-cycle", {
    "index.js": `import a from "./a.cjs"; export default { fetch: () => Response.json(a) };`,
    "a.cjs": {
      type: "cjs",
      content: `exports.early = 1; exports.b = require("./b.cjs").seen; exports.late = 2;`,
    },
    "b.cjs": { type: "cjs", content: `const a = require("./a.cjs"); exports.seen = Object.keys(a);` },
  }),
  worker("modules", "commonjs-of-esm", {
    "index.js": `import c from "./c.cjs"; export default { fetch: () => Response.json(c) };`,
    "c.cjs": {
      type: "cjs",
      content: `const e = require("./e.js"); module.exports = { keys: Object.keys(e), kind: typeof e };`,
    },
    "e.js": `export const named = 1; export default { d: 2 };`,
  }),
  worker("modules", "commonjs-missing", {
    "index.js": `import c from "./c.cjs"; export default { fetch: () => Response.json(c) };`,
    "c.cjs": {
      type: "cjs",
      content: `let seen; try { require("./none.cjs"); } catch (e) { seen = e.name; } module.exports = { seen };`,
    },
  }),
  worker("modules", "commonjs-exports-function", {
    "index.js": `import f from "./f.cjs"; export default { fetch: () => new Response(f()) };`,
    "f.cjs": { type: "cjs", content: `module.exports = function () { return "called"; };` },
  }),
  worker(
    "modules",
    "strict-mode",
    `export default { fetch() { let sloppy = true; try { undeclared = 1; } catch { sloppy = false; } return Response.json([sloppy, typeof module, typeof require, typeof this]); } };`,
  ),
  worker(
    "modules",
    "import-attributes",
    {
      "index.js": `import j from "./a.json" with { type: "json" }; export default { fetch: () => Response.json(j) };`,
      "a.json": { type: "json", content: "[1]" },
    },
    { dates: ["2026-11-17"] },
  ),
];

/** The format with \`addEventListener\`. */
export const SCRIPT_WORKERS: readonly DifferentialWorker[] = [
  worker(
    "service worker format",
    "script",
    {
      "index.js": {
        type: "script",
        content: `
    let n = 0;
    addEventListener("fetch", (event) => {
      const path = new URL(event.request.url).pathname;
      if (path === "/plain") event.respondWith(new Response("plain " + ++n + " " + TEXT + " " + JSON.stringify(DATA)));
      else if (path === "/promise") event.respondWith((async () => { await scheduler.wait(1); return new Response("promise"); })());
      else if (path === "/throw") event.respondWith((async () => { throw new TypeError("in promise"); })());
      else if (path === "/throw-now") throw new RangeError("at once");
      else if (path === "/twice") { event.respondWith(new Response("first")); try { event.respondWith(new Response("second")); } catch (e) { console.log(e.name); } }
      else if (path === "/wait") { event.waitUntil(scheduler.wait(5).then(() => console.log("waited"))); event.respondWith(new Response("wait")); }
      else if (path === "/this") event.respondWith(Response.json([event.type, event instanceof FetchEvent, event instanceof ExtendableEvent, typeof event.passThroughOnException, this === self]));
      else if (path === "/odd") event.respondWith("text");
      else if (path === "/late") scheduler.wait(1).then(() => { try { event.respondWith(new Response("late")); } catch (e) { console.log(e.name); } });
    });`,
      },
    },
    {
      vars: { TEXT: "text", DATA: { a: [1] } },
      requests: asking("/plain", "/promise", "/throw", "/throw-now", "/twice", "/wait", "/this", "/odd"),
    },
  ),
  worker("service worker format", "script-no-answer", {
    "index.js": { type: "script", content: `addEventListener("fetch", (event) => {});` },
  }),
  worker("service worker format", "script-two-listeners", {
    "index.js": {
      type: "script",
      content: `addEventListener("fetch", (e) => { console.log("one"); }); addEventListener("fetch", (e) => { e.respondWith(new Response("two")); });`,
    },
  }),
];
