test("a response has its defaults", async () => {
  const response = new Response("hi");
  equal(
    [response.status, response.ok, response.statusText, response.type, response.url],
    [200, true, "", "default", ""],
  );
  equal(await response.text(), "hi");
});
test("statuses and bodies that do not fit throw", () => {
  for (const status of [0, 199, 600]) throws("RangeError", () => new Response(null, { status }));
  for (const status of [204, 205, 304]) throws("TypeError", () => new Response("x", { status }));
  throws("TypeError", () => new Response(null, { statusText: "a\n" }));
  throws("RangeError", () => Response.redirect("http://x/", 200));
  throws("TypeError", () => Response.redirect("no url"));
  throws("TypeError", () => Response.json(undefined));
  throws("TypeError", () => Response.json(1n));
});
test("json, redirect and error make what they say", async () => {
  const json = Response.json({ a: [1] }, { status: 201 });
  equal(
    [json.status, json.headers.get("content-type"), await json.text()],
    [201, "application/json", '{"a":[1]}'],
  );
  equal(Response.redirect("http://x/y", 301).headers.get("location"), "http://x/y");
  equal([Response.error().type, Response.error().status], ["error", 0]);
});
test("clone tees, and a locked or used body cannot be cloned", async () => {
  const response = new Response(streamOf(utf8("ab"), utf8("c")));
  const copy = response.clone();
  equal([await copy.text(), await response.text()], ["abc", "abc"]);
  throws("TypeError", () => response.clone());
  const locked = new Response("x");
  locked.body.getReader();
  throws("TypeError", () => locked.clone());
  await rejects("TypeError", locked.text());
});
