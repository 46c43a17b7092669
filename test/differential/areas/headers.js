export default {
  "what a Headers object does with names and values"(see) {
    const h = new Headers({ "X-One": "1", "x-two": " spaced  " });
    h.append("x-one", "uno");
    h.append("Set-Cookie", "a=1");
    h.append("set-cookie", "b=2");
    see("entries", [...h]);
    see("get", [h.get("X-ONE"), h.get("set-cookie"), h.get("none")]);
    see("getSetCookie", () => h.getSetCookie());
    see("has", [h.has("X-Two"), h.has("nope")]);
    h.delete("x-one");
    h.set("x-two", "again");
    see("after", [...h]);
    see("keys and values", [[...h.keys()], [...h.values()]]);
  },
  "getAll is for Set-Cookie alone"(see) {
    const h = new Headers([
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]);
    see("cookies", () => h.getAll("Set-Cookie"));
    see("others", () => h.getAll("x-one"));
  },
  "names and values that are refused"(see) {
    see("empty name", () => new Headers([["", "x"]]));
    see("space in name", () => new Headers({ "a b": "x" }));
    see("colon in name", () => new Headers({ "a:b": "x" }));
    see("newline in value", () => new Headers({ a: "x\ny" }));
    see("nul in value", () => new Headers({ a: "x\0y" }));
    see("not Latin 1", () => new Headers({ a: "ł" }));
    see("Latin 1", () => new Headers({ a: "é" }).get("a"));
    see("emoji", () => new Headers({ a: "💥" }).get("a"));
    see("get with bad name", () => new Headers().get("a b"));
    see("has with bad name", () => new Headers().has(""));
    see("delete with bad name", () => new Headers().delete("\n"));
    see("set with bad value", () => new Headers().set("a", "\r"));
    see("tab inside", () => new Headers({ a: "x\ty" }).get("a"));
    see("stripped", () => new Headers({ a: "\t x \r\n" }).get("a"));
  },
  "what a Headers object is made of"(see) {
    see("undefined", () => [...new Headers(undefined)]);
    see("null", () => [...new Headers(null)]);
    see("number", () => [...new Headers(1)]);
    see("string", () => [...new Headers("abc")]);
    see("Map", () => [...new Headers(new Map([["a", "b"]]))]);
    see("Headers", () => [...new Headers(new Headers({ a: "b" }))]);
    see("pair too long", () => [...new Headers([["a", "b", "c"]])]);
    see("pair too short", () => [...new Headers([["a"]])]);
    see("values that are no text", () => [...new Headers({ a: 1, b: null, c: undefined, d: true })]);
    see("symbol value", () => new Headers({ a: Symbol("x") }));
    see("FormData", () => {
      const f = new FormData();
      f.append("k", "v");
      return [...new Headers(f)];
    });
    see("URLSearchParams", () => [...new Headers(new URLSearchParams("a=1&b=2"))]);
    see("no new", () => Headers());
    see("missing argument", () => new Headers().get());
    see("one of two arguments", () => new Headers().set("a"));
  },
  "iterating while changing"(see) {
    const h = new Headers({ a: "1", b: "2", c: "3" });
    see("deleted on the way", () => {
      const seen = [];
      for (const [name] of h) {
        seen.push(name);
        h.delete("b");
      }
      return seen;
    });
    see("forEach", () => {
      const seen = [];
      h.forEach(
        function (value, name, all) {
          seen.push([value, name, all === h, this?.x]);
        },
        { x: 1 },
      );
      return seen;
    });
    see("iterator tag", Object.prototype.toString.call(h.entries()));
    see("own tag", Object.prototype.toString.call(h));
    see("iterator is iterable", () => typeof h.keys()[Symbol.iterator]);
  },
  "headers that cannot be changed"(see, request) {
    see("of the request", () => request.headers.set("x-a", "1"));
    see("of Response.redirect", () => Response.redirect("http://a.test/").headers.set("x", "1"));
    see("of Response.error", () => Response.error().headers.set("x", "1"));
    see("of a copy", () => {
      const copy = new Request(request);
      copy.headers.set("x-a", "1");
      return copy.headers.get("x-a");
    });
    see("of a new Response", () => {
      const r = new Response("x");
      r.headers.set("x", "1");
      return r.headers.get("x");
    });
  },
  async "headers of a fetched response cannot be changed"(see, request, env) {
    const response = await fetch(`${env.ORIGIN}/plain`);
    see("set", () => response.headers.set("x", "1"));
    see("delete", () => response.headers.delete("x-origin"));
    see("copy", () => {
      const copy = new Response(response.body, response);
      copy.headers.set("x", "1");
      return copy.headers.get("x");
    });
  },
  "headers as they arrive": (see, request) =>
    new Response(
      JSON.stringify(
        [...request.headers].filter(([name]) => !/^(connection|cf-|x-forwarded-|x-real-ip)/.test(name)),
      ),
    ),
  "headers as they leave": () => {
    const headers = new Headers({
      "X-Mixed-Case": "1",
      "Content-Type": "text/x-own",
      "cache-control": "no-store",
    });
    headers.append("Set-Cookie", "a=1");
    headers.append("Set-Cookie", "b=2");
    headers.append("x-list", "1");
    headers.append("x-list", "2");
    return new Response("x", { headers });
  },
  "headers of the connection in a response": () =>
    new Response("x", {
      headers: {
        connection: "close",
        "keep-alive": "timeout=5",
        "transfer-encoding": "chunked",
        upgrade: "x",
        te: "trailers",
        trailer: "x",
      },
    }),
  "a content-length of one's own": () => new Response("hello", { headers: { "content-length": "5" } }),
  "a wrong content-length of one's own": () => new Response("hello", { headers: { "content-length": "50" } }),
  "an empty value": () => new Response("x", { headers: { "x-empty": "" } }),
  "Latin 1 in a response": () => new Response("x", { headers: { "x-e": "é" } }),
  "a server header": () =>
    new Response("x", { headers: { server: "mine", date: "Thu, 01 Jan 1970 00:00:00 GMT" } }),
};
export const requests = {
  "headers as they arrive": {
    headers: { "X-Mixed": "A", "x-many": ["1", "2"], cookie: "a=1; b=2", accept: "*/*", "x-space": "  a  " },
  },
};
