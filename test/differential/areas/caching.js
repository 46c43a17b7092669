const at = "http://cache.test/x";
const put = (request, response) => caches.default.put(request, response);
export default {
  async "what may not be put"(see) {
    await see("POST", () => put(new Request(at, { method: "POST" }), new Response("x")));
    await see("206", () => put(at, new Response("x", { status: 206 })));
    await see("Vary *", () => put(at, new Response("x", { headers: { vary: "*" } })));
    await see("no response", () => put(at, "x"));
    await see("relative", () => put("/x", new Response("x")));
    await see("none", () => caches.default.put(at));
    await see("used", async () => {
      const r = new Response("x", { headers: { "cache-control": "max-age=60" } });
      await r.text();
      return await put(at, r);
    });
    await see("304", () => put(at, new Response(null, { status: 304 })));
  },
  async "other methods"(see) {
    await see("match POST", () => caches.default.match(new Request(at, { method: "POST" })));
    await see("delete POST", () => caches.default.delete(new Request(at, { method: "POST" })));
    await see("add", () => caches.default.add(at));
    await see("keys", () => caches.default.keys());
    await see("matchAll", () => caches.default.matchAll(at));
    await see("caches.match", () => caches.match(at));
    await see("caches.has", () => caches.has("x"));
    await see("caches.keys", () => caches.keys());
    await see("open", async () => (await caches.open("own")) instanceof Cache);
    see("default", caches.default instanceof Cache);
    see(
      "tags",
      [caches, caches.default].map((x) => Object.prototype.toString.call(x)),
    );
  },
};
