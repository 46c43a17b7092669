test("URLs are parsed, changed and written", () => {
  const url = new URL("../x?a=1#h", "https://User:pw@EXAMPLE.org:8080/a/b/");
  equal(url.href, "https://User:pw@example.org:8080/a/x?a=1#h");
  url.port = "443";
  url.searchParams.append("b", "ü +");
  url.hash = "";
  equal(url.href, "https://User:pw@example.org/a/x?a=1&b=%C3%BC+%2B");
  equal(
    [url.origin, url.protocol, url.host, String(new URL("http://ä.de/"))],
    ["https://example.org", "https:", "example.org", "http://xn--4ca.de/"],
  );
});
test("what is no URL throws TypeError; canParse and parse tell", () => {
  for (const text of ["", "x", "http://", "http://a b/", "http://1.2.3.4.5.6/", "http://[::1"]) {
    throws("TypeError", () => new URL(text));
    equal([URL.canParse(text), URL.parse(text)], [false, null]);
  }
});
test("search parameters", () => {
  const params = new URLSearchParams("?a=1&b=2&a=3&c");
  equal([params.getAll("a"), params.get("c"), params.has("b", "2"), params.size], [["1", "3"], "", true, 4]);
  params.delete("a", "1");
  params.sort();
  equal(params.toString(), "a=3&b=2&c=");
  throws("TypeError", () => new URLSearchParams([["a"]]));
});
