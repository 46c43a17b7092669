import { test } from "uvu";
import * as assert from "uvu/assert";
import { PARTS } from "../../../runtime-api/contract/parts.ts";
import { loadImage } from "../../../src/isolate/image.ts";
import { makeSpare } from "../../../src/isolate/spare.ts";
import { closeHosts, makeHost, upload } from "../../end-to-end/fixture.ts";

const image = await loadImage();

test("the parts are outside the image, in one-byte text", () => {
  const names = Object.keys(image.parts);
  assert.equal(names.filter((name) => !/^late-\d+$/.test(name)).sort(), [...PARTS].sort());
  for (const name of names) assert.match(image.parts[name]!, /^[\0-\x7f]*$/, name);
  assert.ok(image.parts["multi-byte"]!.length > 100_000);
  assert.not.ok(image.script.includes("gb18030-ranges"));
});

test("a part is asked for when it is first needed, and once", async () => {
  const asked: unknown[] = [];
  const counted = new Proxy(image.parts, {
    getOwnPropertyDescriptor: (parts, name) => {
      asked.push(name);
      return Reflect.getOwnPropertyDescriptor(parts, name);
    },
  });
  const spare = await makeSpare({ ...image, parts: counted }, { memoryMb: 32 });
  const decode = `new TextDecoder("sjis").decode(new Uint8Array([0x82, 0xa0]))`;
  await spare.context.eval(`new TextDecoder("latin1"); new TextDecoder("utf-16"); new TextDecoder("koi8-r")`);
  assert.equal(asked, ["encodings"]);
  assert.is(await spare.context.eval(decode), "あ");
  assert.is(await spare.context.eval(decode), "あ");
  assert.equal(asked, ["encodings", "multi-byte"]);
  spare.isolate.dispose();
});

test("a cell without the parts leaves an honest error", async () => {
  const spare = await makeSpare({ ...image, parts: {} }, { memoryMb: 32 });
  const told = spare.context.eval(`try { new TextDecoder("sjis") } catch (error) { String(error) }`);
  assert.is(await told, 'Error: The runtime\'s part "encodings" is not available.');
  spare.isolate.dispose();
});

test("a part loads after strings become no code any more, and shows none of its own frames", async () => {
  await using at = await makeHost({});
  const worker = await at.host.deploy(
    upload(
      "late",
      `globalThis.eval = globalThis.Function = globalThis.TextDecoder.prototype.toString = () => { throw new Error("patched") };
      export default { fetch() {
        const text = new TextDecoder("gbk").decode(new Uint8Array([0xc4, 0xe3]));
        let stack = "";
        try { new TextDecoder("gbk", { fatal: true }).decode(new Uint8Array([0xff])) } catch (error) { stack = error.stack }
        const refused = [0].map.constructor.constructor;
        let code = "";
        try { refused("return 1") } catch (error) { code = error.name }
        console.error(new Error("here"));
        return Response.json({ text, code });
      } }`,
    ),
  );
  assert.equal(await (await worker.fetch("http://late/")).json(), { text: "你", code: "EvalError" });
  assert.not.ok(at.logs.some(({ text }) => text.includes("skerry:")));
});

test("host", closeHosts);

test.run();
