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
