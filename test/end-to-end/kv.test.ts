import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, makeHost, upload } from "./fixture.ts";

const kvNamespaces = [{ binding: "KV", id: "data" }];

/** Runs a piece of a worker's code and gives what it returns. */
async function run(cell: (typeof CELLS)[number], body: string): Promise<unknown> {
  await using at = await makeHost({ cell });
  const worker = await at.host.deploy(
    upload(
      "kv",
      `export default { async fetch(request, env) {
    const { KV } = env;
    const caught = async (make) => { try { await make(); return "no error"; } catch (error) { return error.name + ": " + error.message; } };
    const result = await (async () => { ${body} })();
    return Response.json(result ?? null);
  } };`,
      { kvNamespaces, limits: { cpuMs: 5_000, subrequests: 1_000 } },
    ),
  );
  const answer = await worker.fetch("http://kv/");
  const text = await answer.text();
  assert.is(answer.status, 200, `${text} ${JSON.stringify(at.logs)}`);
  return JSON.parse(text);
}

for (const cell of CELLS) {
  test(`KV gives back what was put, in every form (${cell})`, async () => {
    assert.equal(
      await run(
        cell,
        `
      await KV.put("text", "wörds"); await KV.put("json", JSON.stringify({ a: [1] }));
      await KV.put("bytes", new Uint8Array([1, 2, 255])); await KV.put("stream", new Response("from a stream").body);
      return {
        text: await KV.get("text"), json: await KV.get("json", "json"), typed: await KV.get("json", { type: "json" }),
        bytes: [...new Uint8Array(await KV.get("bytes", "arrayBuffer"))],
        stream: await new Response(await KV.get("stream", "stream")).text(),
        missing: await KV.get("missing"), many: [...(await KV.get(["text", "missing"]))],
      };`,
      ),
      {
        text: "wörds",
        json: { a: [1] },
        typed: { a: [1] },
        bytes: [1, 2, 255],
        stream: "from a stream",
        missing: null,
        many: [
          ["text", "wörds"],
          ["missing", null],
        ],
      },
    );
  });

  test(`KV keeps large values whole (${cell})`, async () => {
    assert.equal(
      await run(
        cell,
        `
      const value = "0123456789".repeat(200_000);
      await KV.put("large", value);
      const got = await KV.get("large");
      return { same: got === value, length: got.length };`,
      ),
      { same: true, length: 2_000_000 },
    );
  });

  test(`KV lists in pages that cover every key once, with metadata (${cell})`, async () => {
    assert.equal(
      await run(
        cell,
        `
      for (let i = 0; i < 25; i++) await KV.put("k:" + String(i).padStart(2, "0"), "v", { metadata: { i } });
      await KV.put("other", "v");
      const names = []; let cursor, pages = 0;
      for (;;) {
        const page = await KV.list({ prefix: "k:", limit: 10, cursor });
        pages++; names.push(...page.keys.map(({ name, metadata }) => name + metadata.i));
        if (page.list_complete) break;
        cursor = page.cursor;
        await KV.delete("k:00");
      }
      const { value, metadata } = await KV.getWithMetadata("k:07");
      return { pages, count: names.length, distinct: new Set(names).size, first: names[0], value, metadata };`,
      ),
      {
        pages: 3,
        count: 25,
        distinct: 25,
        first: "k:000",
        value: "v",
        metadata: { i: 7 },
      },
    );
  });

  test(`KV refuses what Workers KV refuses, with its words (${cell})`, async () => {
    const errors = (await run(
      cell,
      `return [
      await caught(() => KV.put("", "v")), await caught(() => KV.get("..")), await caught(() => KV.put("k".repeat(513), "v")),
      await caught(() => KV.put("k", "v", { expirationTtl: 5 })), await caught(() => KV.put("k", {})),
    ];`,
    )) as string[];
    for (const [index, part] of ["empty", "..", "512", "60", "TypeError"].entries()) {
      assert.ok(errors[index] !== "no error" && errors[index]!.includes(part), `${index}: ${errors[index]}`);
    }
  });
}

test("the hosts of these tests close", closeHosts);

test.run();
