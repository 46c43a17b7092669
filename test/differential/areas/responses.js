const text = new TextEncoder();
export default {
  "a Response of each kind of body"(see) {
    for (const [name, body] of Object.entries({
      text: "héllo",
      empty: "",
      none: null,
      missing: undefined,
      bytes: text.encode("abc"),
      buffer: text.encode("abc").buffer,
      view: new DataView(text.encode("abcdef").buffer, 1, 2),
      blob: new Blob(["abc"], { type: "text/x-a" }),
      params: new URLSearchParams("a=1&b=ü"),
      number: 5,
      object: {},
      array: [1, 2],
      boolean: false,
    }))
      see(name, () => new Response(body));
  },
  async "Response of a stream"(see) {
    const stream = new ReadableStream({
      start(c) {
        c.enqueue(text.encode("a"));
        c.enqueue(text.encode("b"));
        c.close();
      },
    });
    await see("stream", new Response(stream));
    see("of text chunks", () =>
      new Response(
        new ReadableStream({
          start(c) {
            c.enqueue("text");
            c.close();
          },
        }),
      ).text(),
    );
    const used = new Response("x").body;
    used.getReader();
    see("locked", () => new Response(used));
    const read = new Response("x");
    await read.text();
    see("disturbed", () => new Response(read.body));
  },
  "properties of a Response"(see) {
    const r = new Response("x", { status: 201, statusText: "Made", headers: { a: "b" } });
    see("all", [r.status, r.statusText, r.ok, r.redirected, r.type, r.url, r.bodyUsed, r.body !== null]);
    see("cf", r.cf);
    see("webSocket", r.webSocket);
    see("tag", Object.prototype.toString.call(r));
    see("statusText is read only", () => {
      "use strict";
      r.status = 5;
      return r.status;
    });
    see("default", [new Response().status, new Response().statusText, new Response().ok]);
  },
  "statuses that are allowed"(see) {
    for (const status of [
      0,
      99,
      100,
      101,
      102,
      103,
      199,
      200,
      204,
      205,
      299,
      304,
      400,
      418,
      451,
      499,
      500,
      599,
      600,
      999,
      1000,
      -1,
      200.7,
      "204",
      NaN,
      null,
    ])
      see(`${status}`, () => new Response(null, { status }).status);
    see("undefined", () => new Response(null, { status: undefined }).status);
  },
  "bodies where no body may be"(see) {
    for (const status of [101, 204, 205, 304])
      for (const body of ["x", "", null])
        see(`${status} ${JSON.stringify(body)}`, () => new Response(body, { status }));
  },
  "status texts"(see) {
    see("newline", () => new Response(null, { statusText: "a\nb" }));
    see("Latin 1", () => new Response(null, { statusText: "é" }).statusText);
    see("beyond", () => new Response(null, { statusText: "ł" }));
    see("number", () => new Response(null, { statusText: 5 }).statusText);
    see("undefined", () => new Response(null, { statusText: undefined }).statusText);
  },
  "what init may be"(see) {
    see("null", () => new Response("x", null).status);
    see("number", () => new Response("x", 5).status);
    see("Response", () => new Response("x", new Response("y", { status: 404, headers: { a: "b" } })));
    see(
      "headers as list",
      () =>
        new Response("x", {
          headers: [
            ["a", "b"],
            ["a", "c"],
          ],
        }),
    );
    see("bad headers", () => new Response("x", { headers: { "a b": "c" } }));
    see("content type of one's own", () => new Response("x", { headers: { "content-type": "a/b" } }));
    see("no new", () => Response("x"));
  },
  "Response.json"(see) {
    see("object", () => Response.json({ a: 1 }));
    see("with init", () => Response.json([1], { status: 201, headers: { "x-a": "1" } }));
    see("own type", () => Response.json(1, { headers: { "content-type": "application/problem+json" } }));
    see("undefined", () => Response.json(undefined));
    see("no argument", () => Response.json());
    see("circular", () => {
      const a = {};
      a.a = a;
      return Response.json(a);
    });
    see("bigint", () => Response.json(1n));
    see("204", () => Response.json({}, { status: 204 }));
    see("symbol", () => Response.json(Symbol("x")));
  },
  "Response.redirect"(see) {
    see("default", () => Response.redirect("http://a.test/x"));
    for (const status of [200, 301, 302, 303, 304, 307, 308, 310])
      see(`${status}`, () => Response.redirect("http://a.test", status));
    see("relative", () => Response.redirect("/x"));
    see("no URL", () => Response.redirect("http://"));
    see("normalised", () => Response.redirect("http://A.test:80/a b?ü#é").headers.get("location"));
    see("URL object", () => Response.redirect(new URL("http://a.test/")).headers.get("location"));
  },
  "Response.error"(see) {
    const r = Response.error();
    see("all", [r.type, r.status, r.ok, r.statusText, r.body]);
  },
  async "reading a body twice"(see) {
    const r = new Response("once");
    await see("first", r.text());
    see("used", r.bodyUsed);
    await see("second", () => r.text());
    await see("second as json", () => r.json());
    see("clone after", () => r.clone());
    see("body locked", r.body.locked);
    const empty = new Response(null);
    await see("null body", empty.text());
    await see("null body again", () => empty.text());
    see("null body used", empty.bodyUsed);
  },
  async "reading a body in each form"(see) {
    const make = () => new Response('{"a":[1]}', { headers: { "content-type": "application/json" } });
    see("text", make().text());
    see("json", make().json());
    see("arrayBuffer", make().arrayBuffer());
    see("bytes", () => make().bytes());
    see("blob", make().blob());
    see("formData", () => make().formData());
    see("bad json", () => new Response("{").json());
    see("empty json", () => new Response("").json());
    see("null json", () => new Response(null).json());
    see("BOM as text", new Response("\uFEFFabc").text());
    see("BOM as json", () => new Response("\uFEFF[1]").json());
    see("broken UTF-8", new Response(new Uint8Array([0x61, 0xff, 0x62])).text());
    see("locked", () => {
      const r = make();
      r.body.getReader();
      return r.text();
    });
    see("method of another", () => Response.prototype.text.call({}));
  },
  async clone(see) {
    const r = new Response("abc", { status: 202, headers: { a: "b" } });
    const c = r.clone();
    see("status", c.status);
    see("headers are copies", () => {
      c.headers.set("a", "c");
      return r.headers.get("a");
    });
    await see("both", [await r.text(), await c.text()]);
    const locked = new Response("x");
    locked.body.getReader();
    see("locked", () => locked.clone());
    const stream = new Response(
      new ReadableStream({
        start(k) {
          k.enqueue(text.encode("s"));
          k.close();
        },
      }),
    );
    const twin = stream.clone();
    await see("streams", [await twin.text(), await stream.text()]);
  },
  "status 200": () => new Response("ok"),
  "status 201 with text": () => new Response("made", { status: 201, statusText: "Made It" }),
  "status 204": () => new Response(null, { status: 204 }),
  "status 205": () => new Response(null, { status: 205 }),
  "status 304 with headers": () =>
    new Response(null, { status: 304, headers: { etag: '"x"', "content-type": "text/plain" } }),
  "status 404 without text": () => new Response("no", { status: 404 }),
  "status 418": () => new Response("tea", { status: 418 }),
  "status 500": () => new Response("own error", { status: 500 }),
  "status 599": () => new Response("x", { status: 599 }),
  "status 101 without a socket": () => new Response(null, { status: 101 }),
  "redirect on the wire": () => Response.redirect("http://a.test/x?y#z", 301),
  "json on the wire": () => Response.json({ a: "ü" }),
  "error on the wire": () => Response.error(),
  "empty text": () => new Response(""),
  null: () => new Response(null),
  "undefined body": () => new Response(),
  bytes: () => new Response(new Uint8Array([0, 1, 255])),
  "blob with type": () => new Response(new Blob(["b"], { type: "text/x-b" })),
  "form on the wire": () => new Response(new URLSearchParams("a=1")),
  "a stream on the wire": () =>
    new Response(
      new ReadableStream({
        start(c) {
          c.enqueue(text.encode("one "));
          c.enqueue(text.encode("two"));
          c.close();
        },
      }),
    ),
  "a stream that takes its time": () =>
    new Response(
      new ReadableStream({
        async pull(c) {
          await scheduler.wait(5);
          c.enqueue(text.encode("later"));
          c.close();
        },
      }),
    ),
  "a stream that fails at once": () =>
    new Response(
      new ReadableStream({
        start(c) {
          c.error(new TypeError("broken stream"));
        },
      }),
    ),
  "a stream that fails midway": () => {
    let n = 0;
    return new Response(
      new ReadableStream({
        async pull(c) {
          if (n++ === 0) c.enqueue(text.encode("begun "));
          else {
            await scheduler.wait(20);
            c.error(new TypeError("broken midway"));
          }
        },
      }),
    );
  },
  "a stream of strings": () =>
    new Response(
      new ReadableStream({
        start(c) {
          c.enqueue("text");
          c.close();
        },
      }),
    ),
  "a response that was read": async () => {
    const r = new Response("x");
    await r.text();
    return r;
  },
  "a response given twice": (() => {
    let kept;
    return () => (kept ??= new Response("kept"));
  })(),
  "an encoded body by hand": () =>
    new Response(
      new Uint8Array([
        31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 203, 72, 205, 201, 201, 7, 0, 134, 166, 16, 54, 5, 0, 0, 0,
      ]),
      { encodeBody: "manual", headers: { "content-encoding": "gzip" } },
    ),
  "content-encoding gzip": () =>
    new Response("hello hello hello hello", { headers: { "content-encoding": "gzip" } }),
  "content-encoding gzip for a client that takes none": () =>
    new Response("hello hello hello hello", { headers: { "content-encoding": "gzip" } }),
  "content-encoding unknown": () => new Response("hello", { headers: { "content-encoding": "x-own" } }),
  "encodeBody that is unknown": (see) => {
    see("throws", () => new Response("x", { encodeBody: "odd" }));
  },
  "HEAD with a body": () => new Response("12345"),
  "HEAD with a length of one's own": () => new Response(null, { headers: { "content-length": "77" } }),
  "HEAD with a stream": () =>
    new Response(
      new ReadableStream({
        start(c) {
          c.enqueue(text.encode("x"));
          c.close();
        },
      }),
    ),
};
export const requests = {
  "HEAD with a body": { method: "HEAD" },
  "HEAD with a length of one's own": { method: "HEAD" },
  "HEAD with a stream": { method: "HEAD" },
  "content-encoding gzip": { headers: { "accept-encoding": "gzip" } },
  "an encoded body by hand": { headers: { "accept-encoding": "gzip" } },
  "a response given twice": [{ name: "first" }, { name: "second" }],
};
