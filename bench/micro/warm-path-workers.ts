/** Workers of the warm-path scenario, each with what one request asks of it. */
export interface WarmPathWorker {
  readonly name: string;
  readonly source: string;
  readonly method: "GET" | "POST";
  readonly body?: string;
  /** Whether it fetches from an origin, whose address is the variable ORIGIN. */
  readonly usesOrigin: boolean;
  /** Bytes that the answer must have, so that nothing else is measured. */
  readonly answerBytes: number;
}

/** A JSON body of about 2 KB, as APIs take them. */
const ORDER: string = JSON.stringify({
  customer: { id: 4711, name: "Ada Lovelace", tags: ["new", "eu", "trial"] },
  items: Array.from({ length: 24 }, (_, i) => ({
    sku: `SKU-${1000 + i}`,
    count: i + 1,
    price: 9.95 + i,
    note: "as usual",
  })),
});
const ANSWER_BYTES: number = JSON.stringify({
  id: 4711,
  count: 300,
  total: (24 * 25 * 9.95) / 2 + 2300,
}).length;
/** Size of what the origin answers to the proxy. */
export const PROXIED_BYTES = 4_096;
const STREAMED_BYTES = 1024 * 1024;

export const WARM_PATH_WORKERS: readonly WarmPathWorker[] = [
  {
    name: "hello",
    source: `export default { fetch() { return new Response("hello"); } };`,
    method: "GET",
    usesOrigin: false,
    answerBytes: 5,
  },
  {
    name: "JSON API, 2 KB in",
    source: `export default { async fetch(request) {
      const { customer, items } = await request.json();
      let count = 0, total = 0;
      for (const item of items) { count += item.count; total += item.count * item.price; }
      return Response.json({ id: customer.id, count, total: Math.round(total * 100) / 100 });
    } };`,
    method: "POST",
    body: ORDER,
    usesOrigin: false,
    answerBytes: ANSWER_BYTES,
  },
  {
    name: "header-rewriting proxy, 4 KB",
    source: `export default { async fetch(request, env) {
      const headers = new Headers(request.headers);
      headers.set("x-forwarded-by", "edge");
      headers.delete("cookie");
      const response = await fetch(env.ORIGIN + new URL(request.url).pathname, { headers });
      const answer = new Response(response.body, response);
      answer.headers.set("x-served-by", "edge");
      return answer;
    } };`,
    method: "GET",
    usesOrigin: true,
    answerBytes: PROXIED_BYTES,
  },
  {
    name: "1 MB streamed by the worker",
    source: `const chunk = new Uint8Array(64 * 1024).fill(120);
    export default { fetch() {
      let left = 16;
      return new Response(new ReadableStream({
        pull(controller) {
          controller.enqueue(chunk.slice());
          if (--left === 0) controller.close();
        },
      }));
    } };`,
    method: "GET",
    usesOrigin: false,
    answerBytes: STREAMED_BYTES,
  },
  {
    name: "1 MB of the origin, transformed",
    source: `export default { async fetch(request, env) {
      const { body } = await fetch(env.ORIGIN + "/${STREAMED_BYTES}");
      return new Response(body.pipeThrough(new TransformStream()));
    } };`,
    method: "GET",
    usesOrigin: true,
    answerBytes: STREAMED_BYTES,
  },
];
