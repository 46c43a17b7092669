test("patterns match and give their groups", () => {
  const pattern = new URLPattern({ pathname: "/books/:id(\\d+)", hostname: "*.example.com" });
  const match = pattern.exec("https://api.example.com/books/12?x");
  equal([match.pathname.groups.id, match.hostname.groups[0]], ["12", "api"]);
  equal(pattern.test("https://api.example.com/books/x"), false);
  equal([pattern.pathname, pattern.hasRegExpGroups], ["/books/:id(\\d+)", true]);
  equal(new URLPattern("/a/*?", "https://x.test").test("/a/b", "https://x.test"), true);
});
test("a bad pattern throws TypeError", () => {
  throws("TypeError", () => new URLPattern("/a"));
  throws("TypeError", () => new URLPattern({ pathname: "/(" }));
});
