import { test } from "uvu";
import * as assert from "uvu/assert";
import { errorPage } from "../../src/outcome/error-page.ts";

test("errorPage() writes plain text unless HTML is asked for", () => {
  const page = errorPage(404, null, "No worker here", "Nothing answers to this host.", "*/*");
  assert.is(page.status, 404);
  assert.is(page.body, "Error 404: No worker here\nNothing answers to this host.\n");
  assert.match(page.headers, "content-type\ntext/plain; charset=utf-8");
});

test("errorPage() escapes what it puts into HTML", () => {
  const page = errorPage(500, 1101, "Worker threw <exception>", `"a" & 'b'`, "text/html,*/*");
  assert.match(page.headers, "text/html");
  assert.match(page.body, "Error 1101: Worker threw &#60;exception&#62;");
  assert.match(page.body, "&#34;a&#34; &#38; &#39;b&#39;");
});

test.run();
