import type { HostileCase } from "../hostile-case.ts";

const OUTCOME = `const outcome = async (run) => { try { await run(); return "done"; } catch (error) { return error instanceof Error ? error.name : "stranger"; } };`;

/** F. Streams and responses that are misused. */
export const MISUSES: readonly HostileCase[] = [
  {
    number: 116,
    name: "bodies that are read twice, cloned late, used up or locked",
    ends: ["OK"],
    init: { method: "POST", body: "x" },
    body: `${OUTCOME}
      await request.text();
      const used = new Response("x"); await used.text();
      const locked = new Response("x"); locked.body.getReader();
      const said = [await outcome(() => request.text()), await outcome(() => request.clone()), await outcome(() => used.clone()), await outcome(() => new Response(used.body)), await outcome(() => locked.text()), await outcome(() => new Request("http://x/", { method: "POST", body: locked.body }))];
      return new Response(said.every((name) => name === "TypeError") ? "ok" : said.join());`,
  },
  {
    number: 116,
    name: "a used body as the answer",
    ends: ["EXCEPTION"],
    body: `const used = new Response("x"); await used.text(); return used;`,
  },
  {
    number: 117,
    name: "an answer that never ends",
    ends: ["TERM-WALL"],
    limits: { wallMs: 3_000 },
    body: `return new Response(new ReadableStream({ async pull(controller) { if (!this.sent) { this.sent = true; controller.enqueue(new Uint8Array(1)); return; } await new Promise((done) => setTimeout(done, 60_000)); } }));`,
  },
  {
    number: 117,
    name: "an error behind the first bytes",
    ends: ["EXCEPTION", "OK"],
    answers: "cut",
    body: `let n = 0; return new Response(new ReadableStream({ async pull(controller) { if (n++ === 0) controller.enqueue(new Uint8Array(70_000)); else { await new Promise((done) => setTimeout(done, 20)); controller.error(new Error("mid-way")); } } }));`,
  },
  {
    number: 117,
    name: "writes behind the close",
    ends: ["OK"],
    body: `${OUTCOME}
      const { readable, writable } = new TransformStream(); const writer = writable.getWriter(); const read = new Response(readable).text(); await writer.close();
      const said = [await outcome(() => writer.write("x")), await outcome(() => writer.close()), await read];
      return new Response(said.join() === "TypeError,TypeError," ? "ok" : said.join());`,
  },
  ...(
    [
      ["undefined", "return undefined;"],
      ["a string", `return "text";`],
      ["a forged Response", "return { status: 200, ok: true, headers: new Headers(), body: null };"],
      ["a Response of a prototype only", "return Object.create(Response.prototype);"],
      ["a Proxy of a Response", `return new Proxy(new Response("x"), {});`],
    ] as const
  ).map(([what, body]): HostileCase => ({
    number: 118,
    name: `${what} as the answer`,
    ends: ["EXCEPTION"],
    body,
  })),
  {
    number: 118,
    name: "a promise of a promise as the answer",
    ends: ["OK"],
    body: `return Promise.resolve(Promise.resolve(new Response("ok")));`,
  },
  {
    number: 122,
    name: "pipes into themselves and in circles",
    ends: ["OK", "TERM-CPU", "TERM-MEM"],
    body: `${OUTCOME}
      const own = new TransformStream(); const a = new TransformStream(), b = new TransformStream();
      const said = [await outcome(() => own.readable.pipeThrough(own) && own.readable.pipeTo(own.writable)), await outcome(() => { void a.readable.pipeTo(b.writable).catch(() => {}); void b.readable.pipeTo(a.writable).catch(() => {}); })];
      return new Response(said[0] === "TypeError" ? "ok" : said.join());`,
  },
  {
    number: 123,
    name: "streams of a fixed length that get more or less",
    ends: ["OK"],
    body: `${OUTCOME}
      const over = new FixedLengthStream(2); const under = new FixedLengthStream(2);
      const write = async ({ writable }, bytes) => { const writer = writable.getWriter(); await writer.write(new Uint8Array(bytes)); await writer.close(); };
      new Response(over.readable).text().catch(() => {}); new Response(under.readable).text().catch(() => {});
      const said = [await outcome(() => write(over, 3)), await outcome(() => write(under, 1))];
      return new Response(said.every((name) => name === "TypeError" || name === "RangeError") ? "ok" : said.join());`,
  },
  {
    number: 126,
    name: "passThroughOnException without an origin",
    ends: ["EXCEPTION"],
    body: `ctx.passThroughOnException(); throw new Error("on purpose");`,
  },
  {
    number: 125,
    name: "the body and the context of another event",
    ends: ["OK"],
    times: 2,
    init: { method: "POST", body: "x".repeat(100_000) },
    top: "let first;",
    body: `${OUTCOME}
      if (first === undefined) { first = { request, ctx }; await new Promise((done) => setTimeout(done, 150)); return new Response("ok"); }
      const said = [await outcome(() => first.request.text()), await outcome(() => first.ctx.waitUntil(Promise.resolve()))];
      return new Response(said.includes("stranger") || said[0] === "done" ? said.join() : "ok");`,
  },
];
