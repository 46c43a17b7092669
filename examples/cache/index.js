/** A proxy that keeps what its origin says may be kept, and answers from there while it is fresh. */
export default {
  async fetch(request, env, ctx) {
    const { searchParams } = new URL(request.url);
    const url = searchParams.get("url");
    if (url === null) return new Response("Ask for /?url=https://example.com/ twice, and look at x-cache\n");
    if (request.method === "DELETE") {
      const gone = await caches.default.delete(url);
      return new Response(gone ? "forgotten\n" : "it was not there\n", { status: gone ? 200 : 404 });
    }
    // What the client has already, and which part it wants, is answered from the cache too.
    const asked = new Request(url, { headers: request.headers });
    const hit = await caches.default.match(asked);
    if (hit !== undefined) return marked(hit, "hit");
    const whole = new Request(asked);
    for (const name of CONDITIONS) whole.headers.delete(name);
    const response = await fetch(whole);
    // A clone, since a body can be read once; waitUntil, so that the client does not wait for the cache.
    ctx.waitUntil(caches.default.put(whole, response.clone()));
    return marked(response, "miss");
  },
};

const CONDITIONS = ["range", "if-range", "if-none-match", "if-modified-since"];

/** The same response with a header that says where it came from. */
function marked(response, from) {
  const answer = new Response(response.body, response);
  answer.headers.set("x-cache", from);
  return answer;
}
