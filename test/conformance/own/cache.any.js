test("what is put is found until it is deleted", async () => {
  const cache = await caches.open("own");
  const key = "https://cache.test/a";
  await cache.put(key, new Response("kept", { headers: { "cache-control": "max-age=60" } }));
  equal(await (await cache.match(key)).text(), "kept");
  equal([await cache.delete(key), await cache.match(key), await cache.delete(key)], [true, undefined, false]);
});
test("what may not be cached is refused", async () => {
  const { default: cache } = caches;
  await rejects(
    "TypeError",
    cache.put(new Request("https://cache.test/", { method: "POST" }), new Response("x")),
  );
  await rejects("TypeError", cache.put("https://cache.test/", new Response("x", { status: 206 })));
  await rejects("TypeError", cache.put("https://cache.test/", new Response("x", { headers: { vary: "*" } })));
});
test("caches are named, listed, asked together and deleted", async () => {
  const fresh = (body, more) => new Response(body, { headers: { "cache-control": "max-age=60", ...more } });
  const [one, two] = [await caches.open("own-1"), await caches.open("own-2")];
  await one.put("https://cache.test/list?a", fresh("a"));
  await one.put(
    new Request("https://cache.test/list", { headers: { "x-v": "1" } }),
    fresh("b", { vary: "x-v" }),
  );
  await two.put("https://cache.test/other", fresh("c"));
  equal(
    (await one.keys()).map(({ url }) => url),
    ["https://cache.test/list?a", "https://cache.test/list"],
  );
  equal((await one.keys("https://cache.test/list")).length, 0);
  const all = await one.matchAll("https://cache.test/list", { ignoreSearch: true, ignoreVary: true });
  equal(await Promise.all(all.map((hit) => hit.text())), ["a", "b"]);
  equal(await (await caches.match("https://cache.test/other")).text(), "c");
  equal(await caches.match("https://cache.test/other", { cacheName: "own-1" }), undefined);
  equal((await caches.keys()).includes("own-2"), true);
  equal(
    [await caches.has("own-1"), await caches.delete("own-1"), await caches.has("own-1")],
    [true, true, false],
  );
  equal([await caches.delete("own-1"), (await one.keys()).length], [false, 0]);
  await caches.delete("own-2");
});
test("add refuses other schemes and methods", async () => {
  const { default: cache } = caches;
  await rejects("TypeError", cache.add("data:,x"));
  await rejects("TypeError", cache.addAll([new Request("https://cache.test/", { method: "POST" })]));
});
