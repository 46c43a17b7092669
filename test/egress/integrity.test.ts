import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind } from "../../runtime-api/contract/flat.ts";
import { failure, fetchWith, httpOrigin, openEgress } from "./egress-fixture.ts";

function digest(algorithm: string, text: string, form: "base64" | "base64url" = "base64"): string {
  return `${algorithm}-${createHash(algorithm).update(text).digest(form)}`;
}

test("Egress.fetch() lets a body pass that has the integrity asked for", async () => {
  await using origin = await httpOrigin((_request, response) => void response.end("hello"));
  await using egress = openEgress();
  for (const integrity of [
    "",
    "nonsense md5-abc sha256-",
    digest("sha256", "hello"),
    `${digest("sha384", "hello").replace(/=+$/, "")}?option`,
    digest("sha512", "hello", "base64url"),
    `\t${digest("sha512", "other")}  ${digest("sha512", "hello")} ${digest("sha256", "other")}`,
  ]) {
    assert.is(await (await fetchWith(egress, origin.url, { integrity })).text(), "hello", integrity);
  }
});

test("Egress.fetch() refuses a body that is another than was asked for, by the strongest algorithm", async () => {
  await using origin = await httpOrigin((_request, response) => void response.end("hello"));
  await using egress = openEgress();
  for (const [integrity, method] of [
    [digest("sha256", "other"), "GET"],
    [`${digest("sha256", "hello")} ${digest("sha512", "other")}`, "GET"],
    [digest("sha256", ""), "HEAD"],
  ] as const) {
    assert.match(
      await failure(fetchWith(egress, origin.url, { integrity, method })),
      /^TypeError: .*integrity/,
      integrity,
    );
  }
  assert.match(await failure(fetchWith(egress, origin.url, { integrity: "x".repeat(10_000) })), /too long/);
});

test("Egress.fetch() checks what a coded body stands for, at the end of redirects", async () => {
  const text = "hello ".repeat(50_000);
  await using origin = await httpOrigin((request, response) => {
    if (request.url === "/") response.writeHead(302, { location: "/end" }).end();
    else response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text));
  });
  await using egress = openEgress();
  const answer = await fetchWith(egress, origin.url, { integrity: digest("sha256", text) });
  assert.is(answer.kind, BodyKind.stream);
  assert.is((await answer.text()) === text, true);
});

test("Egress.fetch() holds no body that is too large to be checked", async () => {
  await using origin = await httpOrigin((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(40_000_000)));
  });
  await using egress = openEgress();
  assert.match(
    await failure(fetchWith(egress, origin.url, { integrity: digest("sha256", "x") })),
    /larger than 16777216 bytes/,
  );
});

test.run();
