import { test } from "uvu";
import * as assert from "uvu/assert";
import { ClientGone } from "../../src/http/client-gone.ts";

test("ClientGone tells each of its listeners once, and those who stopped listening nothing", () => {
  const gone = new ClientGone();
  const heard: string[] = [];
  const leaves = (): void => void heard.push("leaves");
  gone.addEventListener("abort", () => heard.push("first"));
  gone.addEventListener("abort", leaves);
  gone.addEventListener("abort", () => heard.push("last"));
  gone.removeEventListener("abort", leaves);
  assert.not(gone.aborted);
  gone.abort();
  gone.abort();
  assert.ok(gone.aborted);
  assert.equal(heard, ["first", "last"]);
});

test("ClientGone has heard of a listener that leaves while it tells", () => {
  const gone = new ClientGone();
  let heard = 0;
  const once = (): void => {
    heard++;
    gone.removeEventListener("abort", once);
  };
  gone.addEventListener("abort", once);
  gone.abort();
  assert.is(heard, 1);
});

test.run();
