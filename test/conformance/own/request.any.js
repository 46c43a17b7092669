test("method, URL, headers and body are normalized", async () => {
  const request = new Request("http://EXAMPLE.com:80/a/../b?q#f", {
    method: "post",
    body: "x",
    headers: { "X-A": "1" },
  });
  equal([request.method, request.url, request.headers.get("x-a")], ["POST", "http://example.com/b?q#f", "1"]);
  equal(request.headers.get("content-type"), "text/plain;charset=UTF-8");
  equal(await request.text(), "x");
  equal(request.bodyUsed, true);
});
test("what is no request throws TypeError", () => {
  throws("TypeError", () => new Request("no url"));
  throws("TypeError", () => new Request("http://user:pass@x/"));
  throws("TypeError", () => new Request("http://x/", { method: "HEAD".toLowerCase(), body: "x" }));
  throws("TypeError", () => new Request("http://x/", { method: "a b" }));
  throws("TypeError", () => new Request("http://x/", { method: "CONNECT" }));
  throws("TypeError", () => new Request("http://x/", { redirect: "maybe" }));
  throws("TypeError", () => new Request("http://x/", { signal: {} }));
});
test("a copy takes the body along; a used body cannot be taken", async () => {
  const first = new Request("http://x/", { method: "PUT", body: "b" });
  const second = new Request(first, { headers: { a: "1" } });
  equal(first.bodyUsed, true);
  equal([second.method, await second.text()], ["PUT", "b"]);
  throws("TypeError", () => new Request(first));
  throws("TypeError", () => second.clone());
});
test("clone leaves two bodies, and the signal follows", async () => {
  const controller = new AbortController();
  const request = new Request("http://x/", {
    method: "POST",
    body: streamOf(utf8("s")),
    duplex: "half",
    signal: controller.signal,
  });
  const copy = request.clone();
  equal([await request.text(), await copy.text()], ["s", "s"]);
  controller.abort();
  equal([request.signal.aborted, copy.signal.aborted], [true, true]);
});
