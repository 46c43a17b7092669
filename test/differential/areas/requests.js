const at = "http://a.test/path?q=1";
const encoder = new TextEncoder();
export default {
  "properties of a Request"(see) {
    const r = new Request(at, { method: "POST", body: "x", headers: { a: "b" } });
    see("main", [r.method, r.url, r.redirect, r.bodyUsed, r.body !== null, r.cf]);
    see("signal", [r.signal instanceof AbortSignal, r.signal.aborted]);
    see("keepalive", r.keepalive);
    see("integrity", r.integrity);
    see("cache", () => r.cache);
    see("tag", Object.prototype.toString.call(r));
    see("fragment", new Request("http://a.test/#frag").url);
    see("normalised", new Request("HTTP://A.test:80/a b").url);
    see("credentials in URL", () => new Request("http://u:p@a.test/").url);
  },
  "parts of a browser's Request"(see) {
    const r = new Request(at);
    see("mode", () => r.mode);
    see("credentials", () => r.credentials);
    see("destination", () => r.destination);
    see("referrer", () => r.referrer);
    see("referrerPolicy", () => r.referrerPolicy);
    see("duplex", () => r.duplex);
    see(
      "init with them",
      () =>
        new Request(at, {
          mode: "cors",
          credentials: "include",
          referrer: "about:client",
          referrerPolicy: "origin",
          keepalive: true,
          priority: "high",
          window: null,
        }).url,
    );
  },
  methods(see) {
    for (const method of [
      "get",
      "GET",
      "post",
      "pAtch",
      "patch",
      "put",
      "delete",
      "head",
      "options",
      "custom",
      "TRACE",
      "CONNECT",
      "track",
      "a b",
      "",
      "é",
      null,
      undefined,
    ])
      see(`${method}`, () => new Request(at, { method }).method);
  },
  "bodies where no body may be"(see) {
    see("GET", () => new Request(at, { body: "x" }));
    see("HEAD", () => new Request(at, { method: "HEAD", body: "x" }));
    see("GET with empty text", () => new Request(at, { body: "" }));
    see("GET with null", () => new Request(at, { body: null }).body);
    see("DELETE", () => new Request(at, { method: "DELETE", body: "x" }));
  },
  "URLs that are refused"(see) {
    for (const url of [
      "",
      "/relative",
      "a.test",
      "http://",
      "http://a b/",
      "http://[::1",
      "javascript:1",
      "ftp://a.test/",
      "data:,x",
      "blob:x",
      "http://a.test:99999/",
    ])
      see(url, () => new Request(url).url);
    see("number", () => new Request(5).url);
    see("URL object", () => new Request(new URL(at)).url);
    see("none", () => new Request());
  },
  "init values"(see) {
    see("redirect error", () => new Request(at, { redirect: "error" }).redirect);
    see("redirect odd", () => new Request(at, { redirect: "odd" }).redirect);
    see("cache no-store", () => new Request(at, { cache: "no-store" }).cache);
    see("cache reload", () => new Request(at, { cache: "reload" }).cache);
    see("cache odd", () => new Request(at, { cache: "odd" }).cache);
    see("signal null", () => new Request(at, { signal: null }).signal instanceof AbortSignal);
    see("signal odd", () => new Request(at, { signal: {} }));
    see("signal aborted", () => new Request(at, { signal: AbortSignal.abort() }).signal.aborted);
    see(
      "headers",
      () =>
        new Request(at, {
          headers: [
            ["a", "1"],
            ["a", "2"],
          ],
        }),
    );
    see(
      "forbidden headers",
      () =>
        new Request(at, {
          headers: { host: "b.test", cookie: "a=1", "content-length": "3", origin: "x", referer: "y" },
        }),
    );
    see("cf", () => new Request(at, { cf: { cacheTtl: 5, own: { x: 1 } } }).cf);
    see("init null", () => new Request(at, null).method);
    see("init number", () => new Request(at, 5).method);
    see(
      "init is a Request",
      () => new Request(at, new Request("http://b.test/", { method: "PUT", body: "x", headers: { a: "b" } })),
    );
  },
  async "a Request of a Request"(see) {
    const first = new Request(at, { method: "POST", body: "text", headers: { a: "b" } });
    const second = new Request(first);
    see("used", first.bodyUsed);
    await see("second", second);
    see("third", () => new Request(first));
    const other = new Request("http://b.test/", new Request(at, { method: "PUT", headers: { x: "y" } }));
    see("url changed", [other.url, other.method]);
    see(
      "method changed",
      () => new Request(new Request(at, { method: "POST", body: "x" }), { method: "GET" }).method,
    );
    see(
      "body replaced",
      new Request(new Request(at, { method: "POST", body: "old" }), { body: "new" }).text(),
    );
    see("headers replaced", [
      ...new Request(new Request(at, { headers: { a: "1" } }), { headers: { b: "2" } }).headers,
    ]);
  },
  async "clone of a Request"(see) {
    const r = new Request(at, { method: "POST", body: "abc", headers: { a: "b" } });
    const c = r.clone();
    await see("texts", [await r.text(), await c.text()]);
    see("clone of used", () => r.clone());
    see("signals", r.signal === c.signal);
    see("cf", new Request(at, { cf: { a: 1 } }).clone().cf);
  },
  async "bodies of a Request"(see) {
    const make = (body, headers) => new Request(at, { method: "POST", body, ...(headers && { headers }) });
    see("text", make("é"));
    see("bytes", make(encoder.encode("abc")));
    see("params", make(new URLSearchParams({ a: "1 2" })));
    see("blob", make(new Blob(["x"], { type: "a/b" })));
    see("own type", make("x", { "content-type": "c/d" }));
    see(
      "form type",
      (make(new FormData()).headers.get("content-type") ?? "").replace(/boundary=.*/, "boundary="),
    );
    see("stream", () =>
      make(
        new ReadableStream({
          start(c) {
            c.enqueue(encoder.encode("s"));
            c.close();
          },
        }),
      ).text(),
    );
    see("stream with duplex", () =>
      new Request(at, {
        method: "POST",
        duplex: "half",
        body: new ReadableStream({
          start(c) {
            c.enqueue(encoder.encode("s"));
            c.close();
          },
        }),
      }).text(),
    );
    see("no content type without a body", new Request(at, { method: "POST" }).headers.get("content-type"));
  },
  async "the request that came in"(see, request) {
    see("main", [request.method, request.url, request.redirect, request.bodyUsed, request.body]);
    see("signal", [request.signal instanceof AbortSignal, request.signal.aborted]);
    see("cf", typeof request.cf);
    see("changing the method", () => {
      request.method = "PUT";
      return request.method;
    });
    see("tag", Object.prototype.toString.call(request));
  },
  "a body as text": async (see, request) => new Response(await request.text()),
  async "a body as json"(see, request) {
    await see("json", request.json());
  },
  async "a body as a form"(see, request) {
    await see("form", request.formData());
  },
  async "a multipart body"(see, request) {
    await see("form", request.formData());
  },
  async "a body as bytes"(see, request) {
    await see("bytes", request.arrayBuffer());
  },
  async "a body in chunks"(see, request) {
    see("length", request.headers.get("content-length"));
    see("encoding", request.headers.get("transfer-encoding"));
    await see("text", request.text());
  },
  async "a body as a stream"(see, request) {
    const reader = request.body.getReader();
    const chunks = [];
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read())
      chunks.push(value.constructor.name, new TextDecoder().decode(value));
    see("type", chunks[0]);
    see("text", chunks.filter((_, index) => index % 2 === 1).join(""));
  },
  "a body passed back": (see, request) =>
    new Response(request.body, { headers: { "content-type": "text/plain" } }),
  "a body nobody reads": () => new Response("done"),
  "an empty body": (see, request) => {
    see("body", request.body !== null);
    see("length", request.headers.get("content-length"));
  },
  "a body of GET": async (see, request) => {
    see("body", request.body !== null);
    await see("text", request.text());
  },
  "a method of its own": (see, request) => {
    see("method", request.method);
  },
  PUT: (see, request) => {
    see("method", request.method);
  },
  OPTIONS: (see, request) => {
    see("method", request.method);
  },
  "the path as it is": (see, request) => {
    see("url", request.url.replace(/^.*?localhost/, ""));
  },
  "a clone of what came in": async (see, request) => {
    const c = request.clone();
    await see("texts", [await request.text(), await c.text()]);
  },
  "a copy with other headers": async (see, request) => {
    const copy = new Request(request, { headers: { "x-new": "1" } });
    see("headers", [...copy.headers]);
    await see("body", copy.text());
    see("used", request.bodyUsed);
  },
};
const post = (body, headers = {}) => ({ method: "POST", body, headers });
export const requests = {
  "a body as text": post("héllo", { "content-type": "text/plain" }),
  "a body as json": [
    { name: "good", ...post('{"a":[1,null]}') },
    { name: "bad", ...post('{"a"') },
    { name: "empty", ...post("") },
  ],
  "a body as a form": [
    { name: "good", ...post("a=1&b=%20x+y&a=2", { "content-type": "application/x-www-form-urlencoded" }) },
    { name: "no type", ...post("a=1") },
    { name: "odd type", ...post("a=1", { "content-type": "text/plain" }) },
    {
      name: "charset",
      ...post("a=%E4", { "content-type": "application/x-www-form-urlencoded; charset=utf-8" }),
    },
  ],
  "a multipart body": [
    {
      name: "fields and a file",
      ...post(
        '--b\r\ncontent-disposition: form-data; name="f"\r\n\r\nvalue\r\n--b\r\nContent-Disposition: form-data; name="up"; filename="a.txt"\r\nContent-Type: text/x-a\r\n\r\nfile text\r\n--b--\r\n',
        { "content-type": "multipart/form-data; boundary=b" },
      ),
    },
    { name: "no boundary", ...post("--b--", { "content-type": "multipart/form-data" }) },
    {
      name: "cut off",
      ...post('--b\r\ncontent-disposition: form-data; name="f"\r\n\r\nval', {
        "content-type": "multipart/form-data; boundary=b",
      }),
    },
    {
      name: "quoted boundary",
      ...post('--b\r\ncontent-disposition: form-data; name="f"\r\n\r\nv\r\n--b--', {
        "content-type": 'multipart/form-data; boundary="b"',
      }),
    },
    {
      name: "file without type",
      ...post('--b\r\ncontent-disposition: form-data; name="f"; filename="x"\r\n\r\nv\r\n--b--\r\n', {
        "content-type": "multipart/form-data; boundary=b",
      }),
    },
    {
      name: "part without name",
      ...post("--b\r\ncontent-disposition: form-data\r\n\r\nv\r\n--b--\r\n", {
        "content-type": "multipart/form-data; boundary=b",
      }),
    },
    { name: "no parts", ...post("--b--\r\n", { "content-type": "multipart/form-data; boundary=b" }) },
  ],
  "a body as bytes": post(new Uint8Array([0, 255, 7])),
  "a body in chunks": { method: "POST", body: ["one", "two", "three"] },
  "a body as a stream": { method: "POST", body: ["one", "two", "three"] },
  "a body passed back": [
    { name: "with a length", ...post("known") },
    { name: "in chunks", method: "POST", body: ["un", "known"] },
  ],
  "a body nobody reads": post("x".repeat(100_000)),
  "an empty body": [{ name: "POST", method: "POST", body: "" }, { name: "GET" }],
  "a body of GET": { method: "GET", body: "x", headers: { "content-length": "1" } },
  "a method of its own": [
    { name: "PROPFIND", method: "PROPFIND" },
    { name: "REPORT", method: "REPORT" },
  ],
  PUT: { method: "PUT", body: "x" },
  OPTIONS: { method: "OPTIONS" },
  "a clone of what came in": post("twice"),
  "a copy with other headers": post("x", { "x-old": "1" }),
  "the path as it is": [
    { name: "plain" },
    { name: "query", path: "/the%20path%20as%20it%20is?a=b&c=%20&d=é".replace("é", "%C3%A9") },
    { name: "escapes", path: '/the%20path%20as%20it%20is?x=%zz|^`{}"<>' },
  ],
};
