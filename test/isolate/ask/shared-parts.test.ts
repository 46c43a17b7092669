import ivm from "isolated-vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Ask } from "../../../runtime-api/contract/sync.ts";
import { AskDoor } from "../../../src/isolate/ask/ask-door.ts";
import { sharedPart } from "../../../src/isolate/ask/shared-parts.ts";

test("sharedPart() gives the scripts of parts, and of nothing else", () => {
  const parts = { encodings: "1" };
  assert.ok(sharedPart("encodings", parts));
  for (const name of ["multi-byte", "toString", "__proto__", "../image", 1, null])
    assert.is(sharedPart(name, parts), null);
  assert.is(sharedPart("encodings", {}), null);
});

test("AskDoor gives isolates one copy of a part's script, as a text", async () => {
  const script = `"${"x".repeat(100_000)}"`;
  const door = new AskDoor({ encodings: script });
  const before = ivm.ExternalCopy.totalExternalSize;
  for (let i = 0; i < 3; i++) {
    const isolate = new ivm.Isolate({ memoryLimit: 32 });
    try {
      const context = await isolate.createContext();
      await context.global.set("ask", new ivm.Callback(door.ask, { sync: true }));
      const ask = `const text = ask(${Ask.part}, "encodings"); typeof text + " " + text.length + " " + eval(text).length`;
      assert.is(await context.eval(ask), "string 100002 100000");
      assert.is(await context.eval(`ask(${Ask.part}, "other")`), null);
    } finally {
      isolate.dispose();
    }
  }
  const grownBy = ivm.ExternalCopy.totalExternalSize - before;
  assert.ok(grownBy >= script.length && grownBy < 2 * script.length, String(grownBy));
});

test.run();
