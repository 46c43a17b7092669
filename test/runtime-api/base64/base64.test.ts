import { test } from "uvu";
import * as assert from "uvu/assert";
import { atob as ownAtob, btoa as ownBtoa } from "../../../runtime-api/base64/base64.ts";

function outcome(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return (error as Error).name;
  }
}

test("atob() and btoa() agree with Node's", () => {
  const samples = ["", "a", "ab", "abc", "\u00ff\u0000", "x".repeat(2_000), "é", "€", "null"];
  for (const text of samples)
    assert.is(
      outcome(() => ownBtoa(text)),
      outcome(() => btoa(text)),
      text,
    );
  const encoded = [
    "",
    "YQ==",
    "YQ",
    "YWI=",
    "YWI",
    "YWJj",
    " Y Q = = ",
    "Y",
    "YQ=",
    "Y=Q=",
    "====",
    "=",
    "YQ===",
    "YW\u00a0Jj",
    "YR==",
    "-_",
    "é",
    "YWJ\nj\f",
    "ab=c",
    "ab\vcd",
  ];
  for (const text of encoded)
    assert.is(
      outcome(() => ownAtob(text)),
      outcome(() => atob(text)),
      JSON.stringify(text),
    );
});

test.run();
