/** Passes text on in capitals, piece by piece: the whole is never held. */
export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/demo") return new Response(shout(countdown(5)), TEXT);
    const url = searchParams.get("url");
    if (url === null) {
      return new Response(
        "Ask for /demo, or for /?url=https://example.com/ to see a page in capitals\n",
        TEXT,
      );
    }
    const origin = await fetch(url, { method: request.method, body: request.body, signal: request.signal });
    const headers = { "content-type": origin.headers.get("content-type") ?? "text/plain" };
    if (origin.body === null) return new Response(null, { status: origin.status, headers });
    return new Response(shout(origin.body), { status: origin.status, headers });
  },
};

const TEXT = { headers: { "content-type": "text/plain; charset=utf-8" } };

/** Capitals of a stream of UTF-8, whose characters may be cut between two pieces. */
function shout(stream) {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const transform = new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(encoder.encode(decoder.decode(chunk, { stream: true }).toUpperCase()));
    },
    flush(controller) {
      controller.enqueue(encoder.encode(decoder.decode().toUpperCase()));
    },
  });
  return stream.pipeThrough(transform);
}

/** A stream that takes its time, as an origin might. */
function countdown(from) {
  const encoder = new TextEncoder();
  let left = from;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      controller.enqueue(encoder.encode(left > 0 ? `${left} seconds to go…\n` : "done\n"));
      if (left-- === 0) controller.close();
    },
  });
}
