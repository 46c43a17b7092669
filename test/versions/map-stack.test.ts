import { Script, runInThisContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ModuleDefinition } from "../../runtime-api/contract/boot.ts";
import { Linker } from "../../runtime-api/worker/linker/linker.ts";
import type { ErrorText } from "../../src/cell/cell.ts";
import { IMAGE_SCRIPT_NAME, VERSION_SCRIPT_NAME } from "../../src/cell/version-code.ts";
import { MAX_MAPPED_FRAMES, mapStack, mapText } from "../../src/versions/map-stack.ts";
import { unpackPositions } from "../../src/versions/pack-positions.ts";
import type { Positions } from "../../src/versions/positions.ts";
import { transformUpload } from "../../src/versions/transform/transform-upload.ts";

interface Transformed {
  script: string;
  positions: Positions;
}

function transform(modules: Record<string, string>, sourceMaps: Record<string, string> = {}): Transformed {
  const list = Object.entries(modules).map(([name, content]) => {
    return { name, type: name.endsWith(".cjs") ? ("cjs" as const) : ("esm" as const), content };
  });
  const result = transformUpload(
    { main: "main.js", modules: list, sourceMaps },
    { scriptBytes: 1e6, memoryMb: 128 },
  );
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return {
    script: result.version.code.script,
    positions: unpackPositions(result.version.positions).positions,
  };
}

/** Runs the main module and maps the error that it throws. */
async function thrown({ script, positions }: Transformed): Promise<ErrorText> {
  const linker = new Linker(
    runInThisContext(script, { filename: VERSION_SCRIPT_NAME }) as ModuleDefinition[],
    [],
  );
  try {
    await linker.run(linker.get("main.js"));
  } catch (error) {
    const { name, message, stack = "" } = error as Error;
    return mapStack({ name, message, stack }, positions);
  }
  throw new Error("nothing was thrown");
}

test("mapStack leads every frame to its module, line and column, past what the transform changed", async () => {
  const { name, message, stack } = await thrown(
    transform({
      "main.js": `import { fail, x } from "./lib/fail.js"; import later from "./later.cjs";
x; x; later(() => { x; fail(x, { x }); });`,
      "lib/fail.js": `export const x = 1;\r\nexport default class K { static run() { throw new TypeError("two\\nlines") } }\r\nexport function fail() { K.run() }`,
      "later.cjs": `#!node\nmodule.exports = function later(f) { [1].map(() => f()) }`,
    }),
  );
  assert.equal([name, message], ["TypeError", "two\nlines"]);
  assert.is(
    stack,
    `TypeError: two
lines
    at K.run (lib/fail.js:2:47)
    at fail (lib/fail.js:3:28)
    at main.js:2:24
    at later.cjs:2:52
    at later (later.cjs:2:42)
    at main.js:2:7`,
  );
});

test("mapStack keeps asynchronous frames and drops those of host, runtime and built-ins", () => {
  const { positions } = transform({ "main.js": "1\n2\n3" });
  const frames = [
    `at f (${VERSION_SCRIPT_NAME}:4:1)`,
    `at async g (${VERSION_SCRIPT_NAME}:3:1)`,
    `at async ${VERSION_SCRIPT_NAME}:5:1`,
    `at eval (eval at h (${VERSION_SCRIPT_NAME}:3:1), <anonymous>:1:7)`,
    `at new K [as x] (${VERSION_SCRIPT_NAME}:3:1)`,
    `at wasm-name (wasm://wasm/abc:wasm-function[0]:0x1)`,
    `at Array.map (<anonymous>)`,
    `at deliver (${IMAGE_SCRIPT_NAME}:1:1)`,
    `at (<isolated-vm boundary>)`,
    `at run (file:///srv/skerry/src/isolate/x.ts:1:1)`,
    `at node:internal/process:1:1`,
    `at ${VERSION_SCRIPT_NAME}:1:1`,
    `at f (${VERSION_SCRIPT_NAME}:999:1)`,
    "not a frame",
  ].map((frame) => `    ${frame}`);
  const message = `x\n    at fake (/etc/passwd:1:1)`;
  const mapped = mapStack(
    { name: "Error", message, stack: [`Error: ${message}`, ...frames].join("\n") },
    positions,
  );
  assert.equal(mapped.stack.split("\n"), [
    "Error: x",
    "    at fake (/etc/passwd:1:1)",
    "    at f (main.js:2:1)",
    "    at async g (main.js:1:1)",
    "    at async main.js:3:1",
    "    at eval (main.js:1:1)",
    "    at new K [as x] (main.js:1:1)",
    "    at wasm-name (wasm://wasm/abc:wasm-function[0]:0x1)",
  ]);
});

test("mapStack tells the place of a script that does not compile", () => {
  const { positions, script } = transform({ "main.js": "let a;\nlet b = 1;" });
  const line = script.split("\n").findIndex((text) => text.includes("let b")) + 1;
  const error = (message: string): ErrorText => ({
    name: "SyntaxError",
    message,
    stack: `SyntaxError: ${message}\n    at (<isolated-vm boundary>)\n    at run (file:///host.ts:3:41)`,
  });
  assert.equal(mapStack(error(`Unexpected token [${VERSION_SCRIPT_NAME}:${line}:9]`), positions), {
    name: "SyntaxError",
    message: "Unexpected token",
    stack: "SyntaxError: Unexpected token\n    at main.js:2:9",
  });
  assert.is(
    mapStack(error("Unexpected token [other:1:1]"), positions).message,
    "Unexpected token [other:1:1]",
  );
});

test("mapStack follows the upload's source map, if it has a good one", async () => {
  const mappings = "AAAA;AACA,MAAM,IAAI,MAAM";
  const code = { "main.js": `const t = 1;\nthrow new Error("x");` };
  const cases: [map: string, place: string][] = [
    [
      JSON.stringify({
        version: 3,
        sources: ["../src/app.ts"],
        sourcesContent: ["secret"],
        names: [],
        mappings,
      }),
      "src/app.ts:2:7",
    ],
    [
      JSON.stringify({ version: 3, sourceRoot: "file:///home/me/", sources: ["a.ts"], names: [], mappings }),
      "home/me/a.ts:2:7",
    ],
    [
      JSON.stringify({
        version: 3,
        sections: [
          { offset: { line: 0, column: 0 }, map: { version: 3, sources: ["s.ts"], names: [], mappings } },
        ],
      }),
      "s.ts:2:7",
    ],
    [JSON.stringify({ version: 3, sources: [], names: [], mappings }), "main.js:2:7"],
    [JSON.stringify({ version: 3, sources: [7], names: [], mappings }), "main.js:2:7"],
    [JSON.stringify({ version: 2, sources: ["a.ts"], names: [], mappings }), "main.js:2:7"],
    [JSON.stringify({ version: 3, sources: ["a.ts"], names: [], mappings: "!!!" }), "main.js:2:7"],
    [JSON.stringify({ version: 3, sources: ["a.ts"], names: [] }), "main.js:2:7"],
    ["null", "main.js:2:7"],
    ["{", "main.js:2:7"],
  ];
  for (const [map, place] of cases) {
    for (const key of ["main.js", "./main.js.map"]) {
      const { stack } = await thrown(transform(code, { [key]: map }));
      assert.is(stack, `Error: x\n    at ${place}`, map);
    }
  }
});

test("transformUpload makes a script that V8 compiles, with each module's lines where positions say", () => {
  const { script, positions } = transform({
    "main.js": `import "./b.js";\u2028\r\n\r\nlet a\n`,
    "b.js": "// b\u2029x",
  });
  new Script(script);
  const lines = script.split(/\r\n|[\n\r\u2028\u2029]/);
  assert.equal(
    positions.modules.map(({ name, firstLine, lines: count }) => [
      name,
      firstLine,
      count,
      lines[firstLine - 1],
    ]),
    [
      ["main.js", 3, 5, `;${" ".repeat(15)}`],
      ["b.js", 10, 2, "// b"],
    ],
  );
});

test("mapText maps the frames in a log line and leaves the rest of it alone", () => {
  const { positions } = transform({ "main.js": "let a = 1;\nlet b = 2;" });
  const line = (n: number): string => `${VERSION_SCRIPT_NAME}:${positions.modules[0]!.firstLine + n}:5`;
  const text = [
    "note at noon (<anonymous>)",
    "Error: x",
    `    at f (${line(0)})`,
    "    at Array.map (<anonymous>)",
    `    at run (${IMAGE_SCRIPT_NAME}:1:2)`,
    "  [cause]: Error: y",
    `      at async ${line(1)}`,
    `said ${line(1)}`,
  ].join("\n");
  assert.is(
    mapText(text, positions),
    [
      "note at noon (<anonymous>)",
      "Error: x",
      "    at f (main.js:1:5)",
      "  [cause]: Error: y",
      "      at async main.js:2:5",
      `said ${line(1)}`,
    ].join("\n"),
  );
});

test("mapText maps so many frames of one text, and drops those beyond", () => {
  const { positions } = transform({ "main.js": "let a = 1;" });
  const frame = `    at f (${VERSION_SCRIPT_NAME}:${positions.modules[0]!.firstLine}:5)`;
  const mapped = mapText(
    Array(MAX_MAPPED_FRAMES + 1_000)
      .fill(frame)
      .join("\n") + "\nend",
    positions,
  );
  const lines = mapped.split("\n");
  assert.is(lines.length, MAX_MAPPED_FRAMES + 1);
  assert.equal([lines[0], lines.at(-2), lines.at(-1)], [lines[1], lines[0], "end"]);
  assert.is(lines[0], "    at f (main.js:1:5)");
});

test.run();
