import { test } from "uvu";
import * as assert from "uvu/assert";
import { readReferrer, refererFor } from "../../src/egress/referrer.ts";
import { echo, failure, fetchWith, httpOrigin, openEgress } from "./egress-fixture.ts";

const SAME = "https://a.test/target";
const OTHER = "https://b.test/";
const PLAIN = "http://a.test/";

test("refererFor tells each origin what the policy lets it see", () => {
  const full = "https://a.test/page?q";
  const origin = "https://a.test/";
  for (const [policy, same, other, plain] of [
    ["", full, origin, null],
    ["no-referrer", null, null, null],
    ["no-referrer-when-downgrade", full, full, null],
    ["same-origin", full, null, null],
    ["origin", origin, origin, origin],
    ["strict-origin", origin, origin, null],
    ["origin-when-cross-origin", full, origin, origin],
    ["strict-origin-when-cross-origin", full, origin, null],
    ["unsafe-url", full, full, full],
  ] as const) {
    const referrer = readReferrer("https://user:secret@a.test/page?q#part", policy)!;
    const found = [SAME, OTHER, PLAIN].map((url) => refererFor(referrer, new URL(url)));
    assert.equal(found, [same, other, plain], policy);
  }
});

test("refererFor cuts what is too long; only HTTP's URLs are referrers", () => {
  const long = readReferrer(`https://a.test/${"x".repeat(5_000)}`, "unsafe-url")!;
  assert.is(refererFor(long, new URL(SAME)), "https://a.test/");
  for (const url of ["", "about:client", "data:,x", "nonsense"]) assert.is(readReferrer(url, ""), null);
  for (const [url, policy] of [
    [1, ""],
    ["https://a.test/", "all of it"],
    ["https://a.test/", null],
  ])
    assert.throws(() => readReferrer(url, policy), /malformed referrer/);
});

test("Egress.fetch() sends the referrer hop by hop, unless the worker wrote the header itself", async () => {
  await using other = await httpOrigin(echo);
  await using origin = await httpOrigin((request, response) => {
    if (request.url === "/away") response.writeHead(302, { location: other.url }).end();
    else void echo(request, response);
  });
  await using egress = openEgress();
  const sent = async (path: string, headers = ""): Promise<string> => {
    const referrer = [`${origin.url}/page?q#x`, ""] as const;
    const answer = await fetchWith(egress, origin.url + path, { referrer, headers });
    return (JSON.parse(await answer.text()) as { headers: { referer: string } }).headers.referer;
  };
  assert.is(await sent("/"), `${origin.url}/page?q`);
  assert.is(await sent("/away"), `${origin.url}/`);
  assert.is(await sent("/", "Referer\nmine"), "mine");
  assert.match(
    await failure(fetchWith(egress, origin.url, { referrer: [origin.url, "none"] })),
    /malformed referrer/,
  );
});

test.run();
