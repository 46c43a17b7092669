import { test } from "uvu";
import * as assert from "uvu/assert";
import { SkerryError } from "../../../src/errors/skerry-error.ts";
import { unpackPositions } from "../../../src/versions/pack-positions.ts";
import { codeOf, packVersion, unpackVersion } from "../../../src/versions/pack.ts";
import { createTransformer } from "../../../src/versions/transformer/transformer.ts";
import type { Transformer, TransformerOptions } from "../../../src/versions/transformer/transformer.ts";
import { UploadRefused } from "../../../src/versions/upload-refused.ts";

const LIMITS = { scriptBytes: 64 * 1024 * 1024, memoryMb: 128 };

function open(options?: TransformerOptions): Transformer & Disposable {
  const transformer = createTransformer(options);
  return {
    transform: transformer.transform.bind(transformer),
    close: () => transformer.close(),
    [Symbol.dispose]: () => transformer.close(),
  };
}

async function refusal(promise: Promise<unknown>): Promise<UploadRefused> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UploadRefused) return error;
    throw error;
  }
  throw new Error("the upload was not refused");
}

function one(content: string | Uint8Array): {
  main: string;
  modules: { name: string; type: "esm"; content: string | Uint8Array }[];
} {
  return { main: "a.js", modules: [{ name: "a.js", type: "esm", content }] };
}

test("transform gives a version that survives packing, with size and hash", async () => {
  using transformer = open();
  const upload = {
    main: "./a.js",
    modules: [
      { name: "a.js", type: "esm", content: "import t from './é.txt'; export default { fetch() {} }" },
      { name: "é.txt", type: "text", content: "é" },
      { name: "d.bin", type: "data", content: Uint8Array.of(0, 255) },
    ],
    sourceMaps: { "a.js": '{"version":3,"sources":["x.ts"],"names":[],"mappings":"AAAA"}' },
  } as const;
  const version = await transformer.transform(upload, LIMITS);
  assert.is(version.main, "a.js");
  assert.is(version.format, "modules");
  assert.is(version.sizeBytes, Buffer.byteLength(upload.modules[0].content) + 2 + 2);
  assert.equal(version.code.values, [
    { name: "é.txt", kind: "text", value: "é" },
    { name: "d.bin", kind: "data", value: Uint8Array.of(0, 255) },
  ]);
  const [module] = unpackPositions(version.positions).positions.modules;
  assert.equal(module?.sourceMap?.sources, ["x.ts"]);
  assert.equal(unpackVersion(packVersion(version)), version);
  assert.equal(codeOf(packVersion(version)), version.code);

  const again = await transformer.transform(upload, LIMITS);
  assert.is(again.hash, version.hash);
  const other = await transformer.transform(
    { ...upload, modules: [upload.modules[0], upload.modules[1]] },
    LIMITS,
  );
  assert.is.not(other.hash, version.hash);
});

test("transform serves accounts in turn, and tells whose work it was", async () => {
  const spent: string[] = [];
  const onSpent = (account: string, tookMs: number): void => {
    assert.ok(tookMs > 0);
    spent.push(account);
  };
  using transformer = open({ concurrency: 1, onSpent });
  const order: string[] = [];
  const transform = async (account: string): Promise<void> => {
    await transformer.transform(one("export default 1"), LIMITS, account);
    order.push(account);
  };
  await Promise.all(["storm", "storm", "storm", "storm", "calm"].map(transform));
  assert.equal(order, ["storm", "storm", "calm", "storm", "storm"]);
  // The first one had to wait for the child itself.
  assert.equal(spent, order.slice(1));
});

test("unpackVersion refuses bytes that packVersion did not write", async () => {
  using transformer = open();
  const bytes = packVersion(await transformer.transform(one("export default 1"), LIMITS));
  let readers: readonly ((bytes: Uint8Array) => unknown)[] = [unpackVersion, codeOf];
  const corrupt = (change: (bytes: Uint8Array) => Uint8Array): void => {
    const changed = change(new Uint8Array(bytes));
    for (const read of readers)
      assert.throws(
        () => read(changed),
        (error: unknown) => error instanceof SkerryError && error.code === "VERSION_CORRUPT",
      );
  };
  corrupt(() => new Uint8Array());
  corrupt((whole) => whole.subarray(0, -1));
  corrupt((whole) => whole.fill(255, 0, 4));
  corrupt((whole) => Uint8Array.of(...whole, 0));
  readers = [unpackVersion];
  corrupt((whole) =>
    new TextEncoder().encode(new TextDecoder().decode(whole).replace('"modules"', '"modulus"')),
  );
});

test("transform refuses with code, problems and a message that names file, line and column", async () => {
  using transformer = open();
  const single = await refusal(transformer.transform(one("export default {\n  fetch( {}\n}"), LIMITS));
  assert.is(single.code, "SCRIPT_REFUSED");
  assert.equal(single.problems, [
    { file: "a.js", line: 3, column: 1, reason: "SyntaxError: Unexpected token" },
  ]);
  assert.is(single.message, "Cannot deploy the worker: a.js:3:1: SyntaxError: Unexpected token");
  const several = await refusal(transformer.transform(one("import 'x';import 'y'"), LIMITS));
  assert.is(
    several.message,
    'Cannot deploy the worker: 2 problems\n  a.js:1:8: No such module "x"\n  a.js:1:19: No such module "y"',
  );
  const malformed = await refusal(transformer.transform(one("'\ud800'"), LIMITS));
  assert.match(malformed.message, "not valid UTF-8");
});

test("transform refuses what is larger than the limit without reading it", async () => {
  using transformer = open();
  const error = await refusal(transformer.transform(one("é".repeat(6)), { scriptBytes: 11, memoryMb: 128 }));
  assert.is(error.message, "Cannot deploy the worker: a.js: the upload has 12 bytes; at most 11 are allowed");
});

test("transform refuses bombs for the parser, and goes on", async () => {
  using transformer = open();
  const source = (times: number): string[] => [
    "[".repeat(times) + "]".repeat(times),
    "(".repeat(times),
    "a=>".repeat(times) + "1",
    "{".repeat(times),
    "`${".repeat(times),
    "if(a)".repeat(times) + ";",
    "!".repeat(times) + "1",
    "import {x} from 'a.js';" + "x+".repeat(times) + "x;var y;export {y as x}",
  ];
  for (const bomb of source(200_000)) {
    const { message } = await refusal(transformer.transform(one(bomb), LIMITS));
    assert.match(message, /nested too deeply|SyntaxError/, bomb.slice(0, 30));
  }
  for (const deep of source(300).filter((_, index) => ![1, 3, 4].includes(index))) {
    assert.ok(await transformer.transform(one(deep), LIMITS));
  }
});

test("transform ends a child that needs too much memory, refuses its upload and goes on", async () => {
  using transformer = open({ memoryMb: 64 });
  const hungry = "let a=[" + "1,".repeat(3_000_000) + "]";
  const { message } = await refusal(transformer.transform(one(hungry), LIMITS));
  assert.match(message, "the code could not be analysed within 64 MB of memory");
  assert.ok(await transformer.transform(one("export default 1"), LIMITS));
});

test("transform ends a child that takes too long, refuses its upload and goes on", async () => {
  using transformer = open({ timeMs: 1_500 });
  // Each of many names is looked for through a long chain of stars.
  const names = Array.from({ length: 60_000 }, (_, index) => `n${index} as m${index}`).join();
  const chain = Array.from({ length: 1_000 }, (_, index) => {
    return { name: `${index}.js`, type: "esm" as const, content: `export * from "./${index + 1}.js"` };
  });
  const last = { name: "1000.js", type: "esm" as const, content: "" };
  const slow = {
    main: "a.js",
    modules: [
      { name: "a.js", type: "esm" as const, content: `import {${names}} from "./0.js"` },
      ...chain,
      last,
    ],
  };
  const { message } = await refusal(transformer.transform(slow, LIMITS));
  assert.match(message, "the code could not be analysed within 1500 ms");
  const next = async (): Promise<string> =>
    await transformer.transform(one("export default 1"), LIMITS).then(
      () => "taken",
      (error: Error) => error.message,
    );
  // A machine that is slow may take as long to start another child.
  let said = await next();
  for (let i = 0; i < 20 && said.includes("within 1500 ms"); i++) said = await next();
  assert.is(said, "taken");
});

test("transform takes a large bundle with very many declarations", async () => {
  using transformer = open();
  const bundle =
    Array.from({ length: 60_000 }, (_, index) => `var v${index}=${index};`).join("") +
    `/*${"x".repeat(9_000_000)}*/`;
  const version = await transformer.transform(one(bundle), LIMITS);
  assert.is(version.sizeBytes, bundle.length);
});

test("transform runs several uploads at once and rejects those under way when closed", async () => {
  using transformer = open({ concurrency: 2 });
  const versions = await Promise.all(
    Array.from({ length: 5 }, (_, index) => transformer.transform(one(`export default ${index}`), LIMITS)),
  );
  assert.is(new Set(versions.map(({ hash }) => hash)).size, 5);

  const waiting = Array.from({ length: 4 }, async () => {
    try {
      await transformer.transform(one("1;".repeat(500_000)), LIMITS);
      return "done";
    } catch (error) {
      return error instanceof SkerryError ? error.code : String(error);
    }
  });
  transformer.close();
  assert.equal(
    await Promise.all(waiting),
    Array.from({ length: 4 }, () => "TRANSFORMER_CLOSED"),
  );
});

test.run();
