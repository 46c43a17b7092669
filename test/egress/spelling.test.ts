import { test } from "uvu";
import * as assert from "uvu/assert";
import { readSpelling, spell } from "../../src/egress/spelling.ts";
import { failure, fetchWith, httpOrigin, openEgress } from "./egress-fixture.ts";

test("spell() puts the values of a name together, under the name as it was written first", () => {
  const spelling = readSpelling("X-Twice\nx-TWICE\nCookie\nX-Other");
  const headers = [
    "x-twice",
    "1",
    "cookie",
    "a=b",
    "x-twice",
    "2",
    "set-cookie",
    "c",
    "cookie",
    "d=e",
    "set-cookie",
    "f",
    "x",
    "y",
  ];
  assert.equal(spell(headers, spelling), [
    "X-Twice",
    "1, 2",
    "Cookie",
    "a=b; d=e",
    "set-cookie",
    "c",
    "set-cookie",
    "f",
    "x",
    "y",
  ]);
  assert.equal(spell(["a", "b"], readSpelling()), ["a", "b"]);
  for (const names of ["two words", "X-A\n", 5, null, "x".repeat(70_000)])
    assert.throws(() => readSpelling(names), /malformed names/);
});

test("Egress.fetch() writes names of headers as the worker did, at each hop", async () => {
  await using origin = await httpOrigin((request, response) => {
    if (request.url === "/") response.writeHead(307, { location: "/end" }).end();
    else response.end(JSON.stringify(request.rawHeaders));
  });
  await using egress = openEgress();
  const options = {
    headers: "soapaction\n1\nx-low\n2\nsoapaction\n3",
    spelling: "SOAPAction\nHost\nConnection",
  };
  const raw = JSON.parse(await (await fetchWith(egress, origin.url, options)).text()) as string[];
  assert.is(raw[raw.indexOf("SOAPAction") + 1], "1, 3");
  assert.is(raw[raw.indexOf("x-low") + 1], "2");
  assert.equal(raw.filter((name) => /^host$/i.test(name)).length, 1);
  assert.match(await failure(fetchWith(egress, origin.url, { spelling: "a:b" })), /malformed names/);
});

test.run();
