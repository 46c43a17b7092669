import { test } from "uvu";
import * as assert from "uvu/assert";
import { mimeTypeText, parseMimeType } from "../../../runtime-api/fetch/mime-type.ts";

/** What a type becomes; undefined for what is none. */
const CASES: Record<string, string | undefined> = {
  "text/html": "text/html",
  " \t\r\nTEXT/HTML ; CHARSET=GBK ": "text/html;charset=GBK",
  "text/html;charset =gbk": "text/html",
  "text/html;charset= gbk": 'text/html;charset=" gbk"',
  'text/html;charset="a;b\\"c"junk;x=y': 'text/html;charset="a;b\\"c";x=y',
  'text/html;charset="open': "text/html;charset=open",
  "text/html;;a;=b;a=;a=1;A=2;c=\u0100": "text/html;a=1",
  "text/html;a=\u00ff": 'text/html;a="\u00ff"',
  "text/html;a=\u000b": "text/html",
  "text/html\u000b": undefined,
  "text/ html": undefined,
  "text /html": undefined,
  "text/": undefined,
  "/html": undefined,
  text: undefined,
  "": undefined,
};

test("parseMimeType() reads types as the standard does, and mimeTypeText() writes them back", () => {
  for (const [input, expected] of Object.entries(CASES)) {
    const type = parseMimeType(input);
    assert.is(type === undefined ? undefined : mimeTypeText(type), expected, JSON.stringify(input));
  }
});

test("parseMimeType() takes long and odd types in linear time", () => {
  for (const piece of [";", ";a", ";a=", ';a="', " ", '"', "=", ";a=b"]) {
    assert.is(parseMimeType(`a/b;${piece.repeat(200_000)}=`)?.essence, "a/b");
  }
});

test.run();
