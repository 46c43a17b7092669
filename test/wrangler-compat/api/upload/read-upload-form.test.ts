import { test } from "uvu";
import * as assert from "uvu/assert";
import { ApiFixture, uploadForm } from "../api-fixture.ts";

const SCRIPT = "/accounts/acme/workers/scripts/shop";
const CODE = "export default { fetch() {} }";

test("cloudflareApi refuses modules whose names are tricks, and forms that say things twice", async () => {
  await using api = await ApiFixture.listen();
  const named = (name: string): FormData => {
    const form = uploadForm(CODE);
    form.append(name, new File(["x"], name, { type: "text/plain" }));
    return form;
  };
  const mainNamed = (name: string): FormData => {
    const form = new FormData();
    form.set("metadata", JSON.stringify({ main_module: name }));
    form.set(name, new File([CODE], name, { type: "application/javascript+module" }));
    return form;
  };
  const twice = uploadForm(CODE);
  twice.append(
    "metadata",
    JSON.stringify({ main_module: "index.js", compatibility_flags: ["nodejs_compat"] }),
  );
  const file = uploadForm(CODE);
  file.append("metadata", new File(["{}"], "metadata", { type: "application/json" }));
  const tricks: readonly (readonly [name: string, problem: RegExp])[] = [
    ["../x", /leads out of the upload/],
    ["a/../../x", /leads out of the upload/],
    ["..", /leads out of the upload/],
    [".", /leads out of the upload/],
    ["./", /leads out of the upload/],
    ["/etc/passwd", /absolute path/],
    ["//host/share", /absolute path/],
    ["..\\x", /backslash/],
    ["a\\..\\..\\x", /backslash/],
    ["C:/x", /drive letter/],
    ["file:///etc/passwd", /scheme/],
    ["node:fs", /scheme/],
    ["a\0b", /NUL/],
    ["a\u007fb", /control character/],
    ["a\nb", /control character/],
    ["x".repeat(3_000), /longer than/],
  ];
  const refused: readonly (readonly [FormData, RegExp])[] = [
    ...tricks.map(([name, problem]) => [named(name), problem] as const),
    ...tricks.map(([name, problem]) => [mainNamed(name), problem] as const),
    [named("index.js"), /index\.js/],
    [named("a/../index.js"), /index\.js/],
    [named("INDEX.js"), /INDEX\.js/],
    [twice, /"metadata" more than once/],
    [file, /"metadata" more than once/],
  ];
  for (const [form, problem] of refused) {
    const { status, errors } = await api.ask("PUT", SCRIPT, form);
    const names = JSON.stringify([...form.keys()]).slice(0, 100);
    assert.is(status, 400, names);
    assert.match(errors[0]!.message, problem, `${names} ${errors[0]!.message.slice(0, 300)}`);
    assert.ok(errors[0]!.message.length < 1_000, names);
  }
  assert.equal(api.host.control.workers("acme"), []);
  assert.equal(api.host.control.accounts(), []);

  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  for (const [form, problem] of refused) {
    const { status, errors } = await api.ask("POST", `${SCRIPT}/versions`, form);
    assert.is(status, 400);
    assert.match(errors[0]!.message, problem);
  }
  assert.is(api.host.control.versions("shop", "acme").length, 1);
});

test.run();
