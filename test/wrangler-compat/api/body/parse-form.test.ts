import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseForm } from "../../../../wrangler-compat/api/body/parse-form.ts";

function parsed(text: string, boundary = "b"): FormData | null {
  return parseForm(new Uint8Array(Buffer.from(text)), boundary);
}

async function shown(form: FormData | null): Promise<unknown> {
  if (form === null) return null;
  return await Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === "string" ? [name, value] : [name, value.name, value.type, [...(await value.bytes())]],
    ),
  );
}

test("parseForm reads what FormData writes: names, types, any bytes, nothing at all", async () => {
  const form = new FormData();
  form.set("metadata", `{"a":"\r\n--x"}`);
  form.set("", "");
  form.set('a "quoted"\r\nname;é', "ü");
  form.set(
    "./b.bin",
    new File([Uint8Array.from({ length: 256 }, (_, n) => n)], "b.bin", { type: "application/wasm" }),
  );
  form.set("empty", new File([], 'e"mpty', { type: "text/plain; charset=utf-8" }));
  const response = new Response(form);
  const boundary = response.headers.get("content-type")!.split("boundary=")[1]!;
  const again = await new Response(form).formData();
  assert.equal(
    await shown(parseForm(new Uint8Array(await response.arrayBuffer()), boundary)),
    await shown(again),
  );
});

test("parseForm takes no form that is cut, or has parts without a name or with endless headers", () => {
  const whole = 'a: b\r\nContent-Disposition: form-data; name="n"\r\n\r\nx';
  assert.is(parsed(`--b\r\n${whole}\r\n--b--\r\n`)?.get("n"), "x");
  assert.is(parsed(`--b\r\n${whole}\r\n--b\r\n${whole}\r\n--b--`)?.getAll("n").length, 2);
  for (const text of [
    "",
    "--b",
    "--b\r\n",
    `--b\r\n${whole}`,
    `--b\r\n${whole}\r\n--b`,
    `--b\r\n${whole}\r\n--c--`,
    `x--b\r\n${whole}\r\n--b--`,
    `--b\r\n${whole}\r\n--bx\r\n`,
    "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
    '--b\r\nContent-Disposition: attachment; name="n"\r\n\r\nx\r\n--b--',
    `--b\r\n${"a: b\r\n".repeat(2_000)}${whole}\r\n--b--`,
  ])
    assert.is(parsed(text), null, text.slice(0, 80));
});

test.run();
