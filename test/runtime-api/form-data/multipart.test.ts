import { test } from "uvu";
import * as assert from "uvu/assert";
import { File } from "../../../runtime-api/blob/file.ts";
import { FormData, formDataEntries } from "../../../runtime-api/form-data/form-data.ts";
import { encodeMultipart } from "../../../runtime-api/form-data/multipart-encode.ts";
import {
  FORM_PARTS,
  parseMultipart,
  PART_HEADER_BYTES,
} from "../../../runtime-api/form-data/multipart-parse.ts";
import { parseUrlencoded } from "../../../runtime-api/form-data/urlencoded-parse.ts";
import { standInIo } from "../stand-in-io.ts";
import { ofKind } from "../../of-kind.ts";

const { Response: NodeResponse, FormData: NodeFormData, File: NodeFile } = globalThis;
standInIo();

const TRICKY = [
  "plain",
  'with "quotes"',
  "line\nfeed",
  "carriage\rreturn",
  "both\r\nends",
  "ünïcödé \u{1f600}",
  "semi;colon=x",
  "back\\slash",
  "%22 %41",
  "",
];

async function entriesOf(form: Iterable<[string, unknown]>): Promise<unknown[]> {
  const entries: unknown[] = [];
  for (const [name, value] of form) {
    const file = value as File;
    entries.push(
      typeof value === "string"
        ? [name, value]
        : [name, file.name, file.type, [...new Uint8Array(await file.arrayBuffer())]],
    );
  }
  return entries;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const parse = (value: string): FormData => parseMultipart(text(value), "B");

test("encodeMultipart writes what Node reads", async () => {
  const form = new FormData();
  const expected = new NodeFormData();
  for (const name of TRICKY) {
    form.append(name, `value of ${name}`);
    form.append(name, new File([name, new Uint8Array([0, 13, 10, 255])], name || "named", { type: "a/b" }));
    expected.append(name, `value of ${name}`);
    expected.append(
      name,
      new NodeFile([name, new Uint8Array([0, 13, 10, 255])], name || "named", { type: "a/b" }),
    );
  }
  const { body, contentType } = encodeMultipart(formDataEntries(form));
  const viaNode = await new NodeResponse(body, { headers: { "content-type": contentType } }).formData();
  const reference = await new NodeResponse(expected).formData();
  assert.equal(await entriesOf(viaNode), await entriesOf(reference));
});

test("parseMultipart reads what Node writes, and what encodeMultipart writes", async () => {
  const form = new NodeFormData();
  for (const name of TRICKY) {
    form.append(name, `value of ${name}`);
    form.append(
      name,
      new NodeFile([name, new Uint8Array([0, 13, 10, 255])], name || "named", { type: "a/b" }),
    );
    form.append(name, new NodeFile([], `empty ${name}`));
  }
  const sent = new NodeResponse(form);
  const boundary = (sent.headers.get("content-type") as string).split("boundary=")[1] as string;
  const bytes = new Uint8Array(await sent.clone().arrayBuffer());
  const parsed = await entriesOf(parseMultipart(bytes, boundary));
  assert.equal(parsed, await entriesOf(await sent.formData()));
  const again = encodeMultipart(formDataEntries(parseMultipart(bytes, boundary)));
  const body = again.body as Uint8Array;
  assert.equal(
    await entriesOf(parseMultipart(body, again.contentType.split("boundary=")[1] as string)),
    parsed,
  );
});

test("encodeMultipart stays text where the form has no file", () => {
  const form = new FormData();
  form.append("a", "b");
  assert.type(encodeMultipart(formDataEntries(form)).body, "string");
  assert.match(encodeMultipart([]).body as string, /^------SkerryFormBoundary\w{20}--\r\n$/);
});

test("parseMultipart takes preambles, epilogues, empty forms and unquoted names", () => {
  assert.equal(
    [...parse("preamble\r\n--B\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n--B--\r\nepilogue")],
    [["a", "v"]],
  );
  assert.equal([...parse("--B--\r\n")], []);
  assert.equal(
    [...parse('--B  \r\nX-Y: z\r\ncontent-disposition:form-data;NAME="a"\r\n\r\n\r\n--B--')],
    [["a", ""]],
  );
});

test("parseMultipart keeps parts that look like a boundary", () => {
  const tricky = "--B\r--B\n--B\r\n-B\r\n--b";
  assert.equal(
    [...parse(`--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n${tricky}\r\n--B--`)],
    [["a", tricky]],
  );
});

const MALFORMED: Record<string, string> = {
  empty: "",
  "no boundary": "hello",
  "cut after the boundary": "--B",
  "cut in the headers": '--B\r\nContent-Disposition: form-data; name="a"',
  "cut in the content": '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue',
  "no name": "--B\r\nContent-Disposition: form-data\r\n\r\nv\r\n--B--",
  "no disposition": "--B\r\nX: y\r\n\r\nv\r\n--B--",
  "no headers": "--B\r\n\r\nv\r\n--B--",
  "another disposition": '--B\r\nContent-Disposition: attachment; name="a"\r\n\r\nv\r\n--B--',
  "a header without a colon": '--B\r\nnonsense\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n--B--',
  "text behind the boundary": '--Bx\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n--Bx--',
};
for (const [what, body] of Object.entries(MALFORMED)) {
  test(`parseMultipart refuses a body that is malformed: ${what}`, () => {
    assert.throws(
      () => parse(body),
      (error: unknown) => error instanceof TypeError && /multipart/.test(error.message),
    );
  });
}

test("parseMultipart refuses part headers and part counts beyond its caps", () => {
  const long = `--B\r\nX: ${"y".repeat(PART_HEADER_BYTES)}\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n--B--`;
  assert.throws(() => parse(long), /headers of a part exceed/);
  const part = '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n';
  assert.is([...parse(`${part.repeat(FORM_PARTS)}--B--`)].length, FORM_PARTS);
  assert.throws(() => parse(`${part.repeat(FORM_PARTS + 1)}--B--`), /more than 10000 parts/);
});

test("parseMultipart ends on every cut of a good body", () => {
  const good =
    '--B\r\nContent-Disposition: form-data; name="a"; filename="f"\r\nContent-Type: a/b\r\n\r\nv\r\n--B--';
  for (let length = 0; length < good.length; length++) {
    assert.throws(() => parse(good.slice(0, length)), ofKind(TypeError), `${length}`);
  }
  assert.is([...parse(good)].length, 1);
});

test("parseMultipart takes time in proportion to hostile bodies", () => {
  const nearly = "\r\n--".repeat(500_000);
  assert.throws(
    () => parseMultipart(text(`--${"-".repeat(60)}x\r\n${nearly}`), `${"-".repeat(60)}x`),
    ofKind(TypeError),
  );
});

test("parseUrlencoded reads pairs as URLSearchParams does", () => {
  const query = "a=1&b=%C3%BC+x&&c&=d&a=2&%zz=%";
  assert.equal([...parseUrlencoded(query)], [...new URLSearchParams(query)]);
});

test.run();
