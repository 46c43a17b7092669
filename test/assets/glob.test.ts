import { test } from "uvu";
import * as assert from "uvu/assert";
import { Effort, EffortSpent } from "../../src/assets/effort.ts";
import { matchesGlob } from "../../src/assets/glob.ts";
import { SiteRules } from "../../src/assets/site-rules.ts";
import { whoComesFirst } from "../../src/assets/worker-first.ts";

const isSpent = (error: unknown): boolean => error instanceof EffortSpent;

test("matchesGlob lets * stand for any characters, and needs every part once, in its order", () => {
  const cases: [pattern: string, text: string, matches: boolean][] = [
    ["/a", "/a", true],
    ["/a", "/ab", false],
    ["/*", "/", true],
    ["/api/*", "/api/", true],
    ["/api/*", "/api", false],
    ["/*/edit", "/a/b/edit", true],
    ["/*/edit", "/edit", false],
    ["/*a*b*", "/xbab", true],
    ["/*a*b*", "/xba", false],
    ["/**x**", "/ax", true],
    ["/*ab*b", "/ab", false],
    ["/*aab*", "/aaab", true],
    ["*", "", true],
    ["/a.b", "/axb", false],
    ["/a*a", "/a", false],
    ["/a", "/a/", false],
    ["/*x*x", "/x", false],
  ];
  for (const [pattern, text, matches] of cases)
    assert.is(matchesGlob(pattern, text, new Effort(1_000)), matches, `${pattern} ${text}`);
});

test("matchesGlob pays for parts that almost stand in many places, and for paths that it looks through", () => {
  const path = `/${"a".repeat(4_000)}`;
  assert.throws(() => matchesGlob(`/*${"a".repeat(90)}b*`, path, new Effort(4_000)), isSpent);
  assert.throws(() => matchesGlob("/*b*", path, new Effort(50)), isSpent);
});

test("whoComesFirst takes 100 patterns and a path of 4 KB, but not every one that is made to be slow", () => {
  const path = `/${"abcdefg/".repeat(511)}end`;
  const usual = Array.from({ length: 100 }, (_, n) => `/*/wp-content/uploads/${n}/*`);
  assert.is(whoComesFirst(usual, path, SiteRules.effort()), null);
  const slow = Array.from({ length: 100 }, (_, n) => `/*${"a".repeat(90)}b${n}*`);
  assert.throws(() => whoComesFirst(slow, `/${"a".repeat(4_000)}`, SiteRules.effort()), isSpent);
});

test.run();
