import { test } from "uvu";
import * as assert from "uvu/assert";
import { ContentReader } from "../../src/assets/content-reader.ts";
import { Effort, EffortSpent } from "../../src/assets/effort.ts";
import { LoadedSites } from "../../src/assets/loaded-sites.ts";
import { Manifest } from "../../src/assets/manifest.ts";
import { parseHeaders } from "../../src/assets/parse-headers.ts";
import { manifestName } from "../../src/assets/piece-name.ts";
import { parseRedirects } from "../../src/assets/parse-redirects.ts";
import { fillIn, RulePattern } from "../../src/assets/rule-pattern.ts";
import { type AnswerHeaders, SiteRules } from "../../src/assets/site-rules.ts";
import { Site } from "../../src/assets/site.ts";
import type { AssetConfig } from "../../src/assets/worker-assets.ts";
import { joinManifest } from "../../src/assets/write-manifest.ts";
import { MemoryAssets } from "../../src/storage/memory-assets.ts";

const lines = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join("\n");

const manifestOf = (config: AssetConfig): Uint8Array => joinManifest({ config, types: [] }, new Uint8Array());

const rulesOf = (config: AssetConfig): SiteRules => new SiteRules(new Manifest(manifestOf(config)));

const isSpent = (error: unknown): boolean => error instanceof EffortSpent;

/** The longest path that rules are matched with, in segments as they are. */
const LONG = new URL(`https://site.test/${"abcdefg/".repeat(511)}end`);

test("RulePattern pays for a long literal that almost stands in many places", () => {
  const pattern = RulePattern.parse(`/*${"a".repeat(1_900)}b`)!;
  assert.throws(() => pattern.match(`/${"a".repeat(4_000)}`, new Effort(20_000)), isSpent);
  const scanned = RulePattern.parse("/*zz")!;
  assert.throws(() => scanned.match(`/${"a".repeat(4_000)}`, new Effort(100)), isSpent);
});

test("a path of 4 KB is within what a request may take, against as many rules as a site may have", () => {
  const rules = rulesOf({
    headers: lines(100, (n) => `/*/wp-content/uploads/${n}\n  X-One: 1`),
    redirects: lines(100, (n) => `/*/wp-content/uploads/${n} /else`),
  });
  const effort = SiteRules.effort();
  assert.is(rules.redirect(LONG, effort), null);
  assert.equal(rules.apply(LONG, [["etag", "x"]], effort), [["etag", "x"]]);
  const all = rulesOf({
    headers: lines(100, (n) => `/*:n${n}\n  X-${n}: 1\n  X-Also-${n}: :splat\n  ! ETag`),
  });
  assert.is(all.apply(new URL("https://site.test/a"), [["etag", "x"]], SiteRules.effort()).length, 200);
});

test("headers without end, long values and many that go end as EffortSpent", () => {
  const url = new URL("https://site.test/a");
  const many = rulesOf({ headers: lines(90, (n) => `/:n${n}\n${lines(100, (k) => `  X-${n}-${k}: 1`)}`) });
  assert.throws(() => many.apply(url, [], SiteRules.effort()), isSpent);
  const gone = rulesOf({ headers: `/*\n${lines(100, (k) => `  ! X-${k}`)}` });
  const given: AnswerHeaders = Array.from({ length: 2_000 }, () => ["x", "1"] as const);
  assert.throws(() => gone.apply(url, given, new Effort(10_000)), isSpent);
  const long = rulesOf({ headers: "/*\n  X-Long: :splat:splat:splat" });
  assert.throws(() => long.apply(LONG, [], new Effort(1_000)), isSpent);
  const names = rulesOf({ headers: `/:a-:b-:c\n  X-Names: ${":z".repeat(900)}` });
  assert.throws(() => names.apply(new URL("https://site.test/1-2-3"), [], new Effort(100)), isSpent);
  const to = rulesOf({ redirects: `/:a-:b-:c /${":z".repeat(900)}` });
  assert.throws(() => to.redirect(new URL("https://site.test/1-2-3"), new Effort(100)), isSpent);
});

test("fillIn looks a long name up once for each placeholder, and builds nothing that is too long", () => {
  let looked = 0;
  class Counting extends Map<string, string> {
    override get(key: string): string | undefined {
      looked++;
      return super.get(key);
    }
  }
  const name = "x".repeat(1_900);
  assert.is(fillIn(`/:${name}`, new Counting([["a", "1"]])), `/:${name}`);
  assert.is(fillIn(`/:a${name}`, new Counting([["a", "1"]])), `/1${name}`);
  assert.is(looked, 1);
  assert.is(fillIn("/:ab:abc", new Map(Object.entries({ a: "1", ab: "2" }))), "/22c");
  // Filled in, it would be longer than any string can be.
  assert.is(fillIn(":v".repeat(50_000), new Map([["v", "x".repeat(16_000)]])), null);
});

test("parseHeaders takes 100 headers for a path, and 10,000 lines", () => {
  const full = `/a\n${lines(60, (n) => `x-${n}: 1`)}\n${lines(60, (n) => `! y-${n}`)}\nx-0: 2\nz: 1`;
  const { rules, problems } = parseHeaders(full);
  assert.equal([rules[0]!.set.length, rules[0]!.unset.length], [60, 40]);
  // One that is there already may grow.
  assert.equal(rules[0]!.set[0], ["x-0", "1, 2"]);
  assert.is(problems.length, 21);
  assert.is(problems.at(-1), "_headers:123: there are more than 100 headers for /a");
  const last = "\n# comment\n\n/b\nx: 1\n/c\nx: 1\n";
  const many = parseHeaders(`/a\n${lines(9_997, () => "x: 1")}${last}`);
  assert.equal(
    many.rules.map(({ path }) => path),
    ["/a", "/b"],
  );
  assert.equal(many.problems, [
    "_headers:10003: there are more than 10000 lines; what follows has no effect",
  ]);
});

test("parseRedirects reads 5,000 lines, and takes a comment to the end of the line", () => {
  const many = parseRedirects(`${lines(4_999, () => "/a")}\n\n# comment\n/b /x\n/c /x\n/d /x`, "none");
  assert.equal([...many.fixed.keys()], ["/b"]);
  assert.is(many.problems.length, 5_000);
  assert.is(
    many.problems.at(-1),
    "_redirects:5003: there are more than 5000 lines; what follows has no effect",
  );
  const { fixed } = parseRedirects("/a /b  # one\u2028two #three\n/c /d#part\t#", "none");
  assert.equal(
    [...fixed.values()].map(({ to }) => to),
    ["/b", "/d#part"],
  );
});

test("a site tells what each request cost its account, one that fails and one of the worker too", async () => {
  const store = new MemoryAssets(() => 0);
  const rule = `/${Array.from({ length: 60 }, (_, n) => `:a${n}-`).join("")}x`;
  const redirects = lines(90, (n) => `${rule}${n} /y`);
  const bytes = Uint8Array.from(manifestOf({ redirects }));
  const { name } = await store.write("acme", [bytes], (sizeBytes) => manifestName("0".repeat(32), sizeBytes));
  const spent: (readonly [account: string, isSome: boolean])[] = [];
  const site = new Site(
    {
      sites: new LoadedSites(store),
      contents: new ContentReader(store, () => {}),
      spent: (account, tookMs) => spent.push([account, tookMs > 0]),
    },
    "acme",
    { fileCount: 0, sizeBytes: 0, config: {}, manifest: name },
    false,
  );
  const request = { method: "GET", url: "https://site.test/a", headers: "" };
  const effort = SiteRules.effort();
  assert.is((await site.answer(request, false, effort))?.status, 404);
  assert.ok(effort.tookMs > 0);
  assert.is(await site.answer(request, true), null);
  assert.is((await site.fetch(request)).status, 404);
  const slow = { ...request, url: `https://site.test/${"-a".repeat(1_900)}` };
  assert.ok(await site.answer(slow, false).then(() => false, isSpent));
  assert.ok(await site.fetch(slow).then(() => false, isSpent));
  assert.equal(
    spent,
    Array.from({ length: 5 }, () => ["acme", true]),
  );
});

test.run();
