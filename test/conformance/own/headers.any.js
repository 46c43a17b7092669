test("names fold, values combine, Set-Cookie stays apart, iteration is sorted", () => {
  const headers = new Headers([
    ["B", "1"],
    ["a", " x "],
    ["b", "2"],
    ["Set-Cookie", "c=1"],
    ["set-cookie", "d=2"],
  ]);
  equal(
    [...headers],
    [
      ["a", "x"],
      ["b", "1, 2"],
      ["set-cookie", "c=1"],
      ["set-cookie", "d=2"],
    ],
  );
  equal(headers.getSetCookie(), ["c=1", "d=2"]);
  headers.delete("B");
  equal(headers.has("b"), false);
  equal(headers.get("b"), null);
});
test("bad names and values throw TypeError", () => {
  const headers = new Headers();
  for (const name of ["", "a b", "é", "a:"]) throws("TypeError", () => headers.set(name, "x"));
  for (const value of ["a\nb", "\u0000", "\u0100"]) throws("TypeError", () => headers.append("x", value));
  throws("TypeError", () => new Headers([["one"]]));
  throws("TypeError", () => new Headers(5));
});
test("headers of a response that came in are immutable", async () => {
  const response = await fetch("data:,x");
  throws("TypeError", () => response.headers.set("a", "b"));
  throws("TypeError", () => Response.error().headers.append("a", "b"));
});
