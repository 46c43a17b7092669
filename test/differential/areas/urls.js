export default {
  "parts of a URL"(see) {
    for (const text of [
      "https://u:p@ex.test:8443/a/b?x=1#h",
      "http://EX.test:80/../x/./y",
      "http://ex.test/ü?ü#ü",
      "http://bücher.test/",
      "file:///a",
      "data:x",
      "http://1.2/",
      "http://[::0:1]/",
      "http://ex.test/a%2fb%zz",
      "http://ex.test?x y",
    ])
      see(text, () => {
        const { href, origin, protocol, username, password, host, hostname, port, pathname, search, hash } =
          new URL(text);
        return { href, origin, protocol, username, password, host, hostname, port, pathname, search, hash };
      });
  },
  bases(see) {
    for (const [text, base] of [
      ["../x", "http://a.test/b/c/d"],
      ["?q", "http://a.test/b"],
      ["//b.test", "https://a.test"],
      ["#h", "http://a.test/x?y"],
      ["x", "data:y"],
      ["x", "nothing"],
      ["", "http://a.test/"],
    ])
      see(`${text} at ${base}`, () => new URL(text, base).href);
  },
  "URLs that are none"(see) {
    for (const text of [
      "",
      "x",
      "http://",
      "http://a:b",
      "http://[",
      "http://a.test:70000",
      "http://a b",
      "//x",
    ]) {
      see(text, () => new URL(text));
      see(`canParse ${text}`, () => URL.canParse(text));
      see(`parse ${text}`, () => URL.parse(text));
    }
    see("no argument", () => new URL());
    see("no new", () => URL("http://a"));
  },
  "setting parts"(see) {
    const set = (part, value) =>
      see(`${part} ${value}`, () => {
        const u = new URL("http://a.test:81/p?q#h");
        u[part] = value;
        return u.href;
      });
    set("protocol", "https");
    set("protocol", "ftp:");
    set("protocol", "odd");
    set("host", "b.test:90");
    set("host", "b.test");
    set("hostname", "c.test:5");
    set("port", "80");
    set("port", "abc");
    set("port", "99999");
    set("port", "");
    set("pathname", "x y/ü");
    set("search", "a=b c");
    set("search", "");
    set("hash", "#z z");
    set("hash", "");
    set("username", "u:");
    set("password", "p@");
    set("href", "http://z.test");
    see("bad href", () => {
      const u = new URL("http://a");
      u.href = "x";
    });
  },
  "search parameters"(see) {
    const p = new URLSearchParams("?a=1&b=2&a=3&c=%20+x&d");
    see("all", [...p]);
    see("getAll", p.getAll("a"));
    see("get none", p.get("none"));
    see("text", p.toString());
    see("size", p.size);
    p.append("e", "é&=");
    p.set("a", "9");
    p.delete("b");
    see("changed", p.toString());
    p.sort();
    see("sorted", p.toString());
    see("has with value", () => p.has("a", "8"));
    see("delete with value", () => {
      const q = new URLSearchParams("a=1&a=2");
      q.delete("a", "1");
      return q.toString();
    });
    see("of pairs", () =>
      new URLSearchParams([
        ["a", "1"],
        ["b", "2"],
      ]).toString(),
    );
    see("of a record", () => new URLSearchParams({ a: 1, b: null }).toString());
    see("of a bad pair", () => new URLSearchParams([["a"]]));
    see("of a Map", () => new URLSearchParams(new Map([["a", "1"]])).toString());
    see("of null", () => new URLSearchParams(null).toString());
  },
  "a URL and its search parameters"(see) {
    const u = new URL("http://a.test/?x=1");
    u.searchParams.append("y", "a b");
    see("href", u.href);
    u.search = "?z=%7E";
    see("params", [...u.searchParams]);
    u.searchParams.delete("z");
    see("emptied", u.href);
    see("json", JSON.stringify({ u }));
    see("same object", u.searchParams === u.searchParams);
  },
  URLPattern(see) {
    const p = new URLPattern({ pathname: "/books/:id(\\d+)/:rest*" });
    see("test", [p.test("http://a.test/books/12/x/y"), p.test("http://a.test/books/x")]);
    see("groups", p.exec("http://a.test/books/12/x/y")?.pathname);
    see("host", new URLPattern("https://*.ex.test/:p").exec("https://www.ex.test/q"));
    see("parts", () => {
      const q = new URLPattern("https://ex.test:8080/a/*?x=:x#h");
      return [q.protocol, q.hostname, q.port, q.pathname, q.search, q.hash, q.username, q.password];
    });
    see("with base", () => new URLPattern("/x/:y", "http://a.test").test("http://a.test/x/1"));
    see("ignoreCase", () => new URLPattern({ pathname: "/a" }, { ignoreCase: true }).test("http://x/A"));
    see("hasRegExpGroups", [p.hasRegExpGroups, new URLPattern({ pathname: "/:a" }).hasRegExpGroups]);
    see("bad", () => new URLPattern({ pathname: "/(" }));
    see("relative without base", () => new URLPattern("/x"));
    see("test of an object", () => p.test({ pathname: "/books/1/" }));
    see("no match", p.exec("http://a.test/"));
  },
  "object URLs"(see) {
    see("create", () => URL.createObjectURL(new Blob(["x"])).slice(0, 5));
    see("revoke", () => URL.revokeObjectURL("blob:x"));
  },
  base64(see) {
    for (const text of ["YQ==", "YQ", " Y Q = = ", "Y", "YQ=", "Y!==", "", "/+8=", "_-8="])
      see(`atob ${text}`, () => atob(text));
    see("btoa", () => btoa("aé"));
    see("btoa beyond", () => btoa("ł"));
    see("btoa null", () => btoa(null));
    see("atob none", () => atob());
  },
};
