const json = async (response) => await response.json();
export default {
  async "a plain fetch"(see, request, env) {
    const r = await fetch(`${env.ORIGIN}/plain`);
    see("main", [r.status, r.statusText, r.ok, r.redirected, r.type]);
    see("url", r.url === `${env.ORIGIN}/plain`);
    see("header", r.headers.get("x-origin"));
    await see("body", r.text());
  },
  async "what an origin sees of a GET"(see, request, env) {
    see("echo", json(await fetch(`${env.ORIGIN}/echo`)));
  },
  async "headers that a fetch adds by itself"(see, request, env) {
    see("echo", json(await fetch(`${env.ORIGIN}/echo?all`)));
  },
  async "what an origin sees of a POST"(see, request, env) {
    see("text", json(await fetch(`${env.ORIGIN}/echo`, { method: "POST", body: "text" })));
    see("none", json(await fetch(`${env.ORIGIN}/echo`, { method: "POST" })));
    see("empty", json(await fetch(`${env.ORIGIN}/echo`, { method: "POST", body: "" })));
    see(
      "params",
      json(await fetch(`${env.ORIGIN}/echo`, { method: "PUT", body: new URLSearchParams("a=1") })),
    );
    see("bytes", json(await fetch(`${env.ORIGIN}/echo`, { method: "PATCH", body: new Uint8Array([1, 2]) })));
    see(
      "blob",
      json(await fetch(`${env.ORIGIN}/echo`, { method: "POST", body: new Blob(["b"], { type: "x/y" }) })),
    );
    await see("stream", async () =>
      json(
        await fetch(`${env.ORIGIN}/echo`, {
          method: "POST",
          body: new ReadableStream({
            start(c) {
              c.enqueue(new TextEncoder().encode("s"));
              c.close();
            },
          }),
        }),
      ),
    );
    see(
      "fixed length",
      json(
        await (async () => {
          const f = new FixedLengthStream(3);
          const w = f.writable.getWriter();
          void w.write(new TextEncoder().encode("abc"));
          void w.close();
          return await fetch(`${env.ORIGIN}/echo`, { method: "POST", body: f.readable });
        })(),
      ),
    );
    see("DELETE", json(await fetch(`${env.ORIGIN}/echo`, { method: "DELETE" })));
  },
  async "headers that a fetch sends"(see, request, env) {
    const headers = {
      "X-Own": "1",
      "User-Agent": "me",
      Cookie: "a=1",
      Accept: "a/b",
      "Accept-Encoding": "identity",
      Referer: "http://x/",
      Origin: "http://y",
    };
    see("own", json(await fetch(`${env.ORIGIN}/echo`, { headers })));
    see("host", () => fetch(`${env.ORIGIN}/echo`, { headers: { host: "other.test" } }).then((r) => r.status));
  },
  async "a request passed on"(see, request, env) {
    see("echo", json(await fetch(new Request(`${env.ORIGIN}/echo`, request))));
  },
  async "redirects that are followed"(see, request, env) {
    for (const status of [301, 302, 303, 307, 308]) {
      for (const method of ["GET", "POST", "PUT"]) {
        const r = await fetch(`${env.ORIGIN}/redirect?status=${status}`, {
          method,
          ...(method !== "GET" && { body: "b" }),
        });
        const { method: seen, body } = await r.json();
        see(`${status} ${method}`, [r.status, r.redirected, seen, body, r.url === `${env.ORIGIN}/echo`]);
      }
    }
  },
  async "redirect manual"(see, request, env) {
    const r = await fetch(`${env.ORIGIN}/redirect`, { redirect: "manual" });
    see("all", [r.status, r.type, r.redirected, r.headers.get("location")]);
    await see("body", r.text());
  },
  async "redirect error"(see, request, env) {
    await see("throws", () => fetch(`${env.ORIGIN}/redirect`, { redirect: "error" }));
  },
  async "too many redirects"(see, request, env) {
    await see("throws", () => fetch(`${env.ORIGIN}/loop`));
  },
  async "redirect of a stream"(see, request, env) {
    const body = () =>
      new ReadableStream({
        start(c) {
          c.enqueue(new TextEncoder().encode("s"));
          c.close();
        },
      });
    await see("307", () =>
      fetch(`${env.ORIGIN}/redirect?status=307`, { method: "POST", body: body() }).then((r) => r.status),
    );
    await see("303", () =>
      fetch(`${env.ORIGIN}/redirect?status=303`, { method: "POST", body: body() }).then((r) => r.status),
    );
  },
  async "authorization over a redirect"(see, request, env) {
    see("same origin", json(await fetch(`${env.ORIGIN}/redirect`, { headers: { authorization: "x" } })));
    const other = env.ORIGIN.replace("127.0.0.1", "localhost");
    see(
      "other origin",
      async () =>
        (
          await (
            await fetch(`${env.ORIGIN}/redirect?to=${other}/echo`, {
              headers: { authorization: "x", cookie: "a=1" },
            })
          ).json()
        ).headers,
    );
  },
  async "fetches that fail"(see, request, env) {
    await see("relative", () => fetch("/x"));
    await see("no URL", () => fetch("http://"));
    await see("nobody listens", () => fetch("http://127.0.0.1:1/"));
    await see("cut off", async () => (await fetch(`${env.ORIGIN}/cut`)).text());
    await see("unknown scheme", () => fetch("ftp://a.test/"));
    await see("body on GET", () => fetch(env.ORIGIN, { body: "x" }));
    await see("no argument", () => fetch());
  },
  async "data and blob URLs"(see) {
    await see("data", () => fetch("data:text/x-a,hi").then((r) => r.text()));
    await see("blob", () => fetch("blob:nothing"));
  },
  async "fetches that are given up"(see, request, env) {
    await see("aborted before", () => fetch(`${env.ORIGIN}/plain`, { signal: AbortSignal.abort() }));
    await see("aborted with a reason", () =>
      fetch(`${env.ORIGIN}/plain`, { signal: AbortSignal.abort(new RangeError("mine")) }),
    );
    await see("timeout", () => fetch(`${env.ORIGIN}/hang`, { signal: AbortSignal.timeout(20) }));
    await see("aborted later", () => {
      const c = new AbortController();
      setTimeout(() => c.abort(), 10);
      return fetch(`${env.ORIGIN}/hang`, { signal: c.signal });
    });
  },
  async "compressed answers"(see, request, env) {
    for (const kind of ["gzip", "br"]) {
      const r = await fetch(`${env.ORIGIN}/${kind}`);
      see(`${kind} header`, r.headers.get("content-encoding"));
      await see(`${kind} text`, r.text());
    }
  },
  "a compressed answer passed on": async (see, request, env) => await fetch(`${env.ORIGIN}/gzip`),
  "a compressed answer passed on in a copy": async (see, request, env) => {
    const r = await fetch(`${env.ORIGIN}/gzip`);
    return new Response(r.body, r);
  },
  "a compressed answer as text": async (see, request, env) => {
    const r = await fetch(`${env.ORIGIN}/gzip`);
    return new Response(await r.text(), r);
  },
  "an answer passed on": async (see, request, env) => await fetch(`${env.ORIGIN}/plain`),
  "an answer with cookies": async (see, request, env) => await fetch(`${env.ORIGIN}/cookies`),
  async "cookies of an answer"(see, request, env) {
    const r = await fetch(`${env.ORIGIN}/cookies`);
    see("get", r.headers.get("set-cookie"));
    see("list", () => r.headers.getSetCookie());
    see("many", r.headers.get("x-many"));
  },
  "an answer that redirects, passed on": async (see, request, env) =>
    await fetch(`${env.ORIGIN}/redirect`, { redirect: "manual" }),
  "an answer passed on with another status": async (see, request, env) => {
    const r = await fetch(`${env.ORIGIN}/plain`);
    return new Response(r.body, { status: 202, headers: { "x-new": "1" } });
  },
  "an answer that comes slowly": async (see, request, env) => await fetch(`${env.ORIGIN}/slow`),
  "an answer that breaks": async (see, request, env) => await fetch(`${env.ORIGIN}/cut`),
  "a clone of an answer": async (see, request, env) => {
    const r = await fetch(`${env.ORIGIN}/plain`);
    const c = r.clone();
    await c.text();
    return r;
  },
  async "statuses of an origin"(see, request, env) {
    for (const code of [200, 204, 205, 304, 404, 500, 599, 700, 999])
      await see(`${code}`, async () => {
        const r = await fetch(`${env.ORIGIN}/status?code=${code}`);
        return [r.status, r.body === null];
      });
  },
  async "a HEAD request to an origin"(see, request, env) {
    const r = await fetch(`${env.ORIGIN}/plain`, { method: "HEAD" });
    see("body", r.body);
    await see("text", r.text());
  },
  async "many at once"(see, request, env) {
    see(
      "texts",
      await Promise.all(
        [1, 2, 3, 4, 5, 6, 7, 8].map(async (n) => (await fetch(`${env.ORIGIN}/n${n}`)).text()),
      ),
    );
  },
  async "methods in odd case"(see, request, env) {
    for (const method of ["post", "patch", "Custom"])
      await see(method, async () => (await (await fetch(`${env.ORIGIN}/echo`, { method })).json()).method);
  },
  async "a body that is cancelled"(see, request, env) {
    const r = await fetch(`${env.ORIGIN}/slow`);
    await see("cancel", r.body.cancel());
    see("used", r.bodyUsed);
  },
  async "URL credentials"(see, request, env) {
    await see("authorization", () =>
      fetch(env.ORIGIN.replace("http://", "http://u:p@") + "/echo")
        .then(json)
        .then((e) => e.headers.authorization),
    );
  },
};
const GZIP = { headers: { "accept-encoding": "gzip" } };
export const requests = {
  "a compressed answer passed on": [
    { name: "to a client that takes it", ...GZIP },
    { name: "to one that does not" },
  ],
  "a compressed answer passed on in a copy": GZIP,
  "a compressed answer as text": GZIP,
  "a request passed on": { method: "POST", body: "passed", headers: { "x-a": "1", "content-type": "a/b" } },
};
