const bytes = (text) => new TextEncoder().encode(text);
const text = (value) => new TextDecoder().decode(value);
const of = (...chunks) =>
  new ReadableStream({
    start(c) {
      for (const chunk of chunks) c.enqueue(chunk);
      c.close();
    },
  });
const all = async (stream) => {
  const seen = [];
  for await (const chunk of stream)
    seen.push(typeof chunk === "string" ? chunk : ArrayBuffer.isView(chunk) ? text(chunk) : chunk);
  return seen;
};
export default {
  async "reading a stream"(see) {
    const reader = of("a", 1, null).getReader();
    await see("reads", [await reader.read(), await reader.read(), await reader.read(), await reader.read()]);
    see("closed", reader.closed);
    see("release", () => reader.releaseLock());
    await see("read after release", () => reader.read());
    see("cancel after release", () => reader.cancel());
  },
  async "the source of a stream"(see) {
    const order = [];
    let n = 0;
    const s = new ReadableStream({
      start() {
        order.push("start");
      },
      pull(c) {
        order.push("pull");
        c.enqueue(n++);
        if (n === 3) c.close();
      },
      cancel() {
        order.push("cancel");
      },
    });
    await see("all", all(s));
    see("order", order);
    const stopped = [];
    const t = new ReadableStream({
      pull(c) {
        c.enqueue("x");
      },
      cancel(why) {
        stopped.push(why);
      },
    });
    await t.getReader().cancel("enough");
    see("cancel", stopped);
    see("bad source", () => new ReadableStream({ type: "odd" }));
    see("bad mark", () => new ReadableStream({}, { highWaterMark: -1 }));
  },
  async "errors of a stream"(see) {
    const failing = () =>
      new ReadableStream({
        start(c) {
          c.enqueue("a");
        },
        pull(c) {
          c.error(new RangeError("mine"));
        },
      });
    const reader = failing().getReader();
    await see("first", reader.read());
    await see("second", () => reader.read());
    await see("closed", () => reader.closed);
    await see("thrown by pull", () =>
      all(
        new ReadableStream({
          pull() {
            throw new TypeError("pulled");
          },
        }),
      ),
    );
    await see("rejected by pull", () =>
      all(new ReadableStream({ pull: () => Promise.reject(new TypeError("pulled")) })),
    );
    see(
      "thrown by start",
      () =>
        new ReadableStream({
          start() {
            throw new TypeError("start");
          },
        }),
    );
    see("enqueue after close", () => {
      new ReadableStream({
        start(c) {
          c.close();
          c.enqueue(1);
        },
      });
    });
    see("close twice", () => {
      new ReadableStream({
        start(c) {
          c.close();
          c.close();
        },
      });
    });
  },
  async locks(see) {
    const s = of("a");
    see("free", s.locked);
    const reader = s.getReader();
    see("locked", s.locked);
    see("second reader", () => s.getReader());
    see("cancel of a locked one", () => s.cancel());
    see("tee of a locked one", () => s.tee());
    reader.releaseLock();
    see("released", s.locked);
    see("reader of none", () => new ReadableStreamDefaultReader({}));
  },
  async tee(see) {
    const [a, b] = of("1", "2").tee();
    await see("both", [await all(a), await all(b)]);
    const [c, d] = of("1").tee();
    void c.cancel("x");
    await see("one cancelled", all(d));
    const chunk = bytes("x");
    const [e, f] = of(chunk).tee();
    const [one, two] = [(await e.getReader().read()).value, (await f.getReader().read()).value];
    see("chunks are the same", [one === chunk, two === chunk]);
  },
  async "async iteration"(see) {
    see("values", all(of("a", "b")));
    const s = of("a", "b", "c");
    for await (const chunk of s) if (chunk === "a") break;
    see("break cancels", [s.locked, await all(s).catch((e) => e.name)]);
    const t = of("a", "b");
    for await (const chunk of t.values({ preventCancel: true })) if (chunk === "a") break;
    await see("preventCancel", () => all(t));
  },
  async "ReadableStream.from"(see) {
    await see("array", () => all(ReadableStream.from(["a", "b"])));
    await see("generator", () =>
      all(
        ReadableStream.from(
          (async function* () {
            yield 1;
            yield 2;
          })(),
        ),
      ),
    );
    await see("text", () => all(ReadableStream.from("ab")));
    see("number", () => ReadableStream.from(5));
    see("null", () => ReadableStream.from(null));
  },
  async "byte streams"(see) {
    const make = () =>
      new ReadableStream({
        type: "bytes",
        start(c) {
          c.enqueue(bytes("hello"));
          c.close();
        },
      });
    const reader = make().getReader({ mode: "byob" });
    const first = await reader.read(new Uint8Array(3));
    see("first", [first.done, text(first.value), first.value.byteLength]);
    const second = await reader.read(new Uint8Array(10));
    see("second", [second.done, text(second.value)]);
    const third = await reader.read(new Uint8Array(10));
    see("third", [third.done, third.value?.byteLength]);
    await see("empty view", () => make().getReader({ mode: "byob" }).read(new Uint8Array(0)));
    see("byob of a plain one", () => of("a").getReader({ mode: "byob" }));
    see("odd mode", () => make().getReader({ mode: "odd" }));
    const pulled = new ReadableStream({
      type: "bytes",
      autoAllocateChunkSize: 4,
      pull(c) {
        const v = c.byobRequest?.view;
        if (v) {
          new Uint8Array(v.buffer, v.byteOffset)[0] = 65;
          c.byobRequest.respond(1);
        }
        c.close();
      },
    });
    await see("pull", () => all(pulled));
    const detached = new Uint8Array(3);
    await see("detaches", async () => {
      await make().getReader({ mode: "byob" }).read(detached);
      return detached.byteLength;
    });
    await see("min", async () => {
      const r = make().getReader({ mode: "byob" });
      return text((await r.read(new Uint8Array(4), { min: 4 })).value);
    });
    await see("readAtLeast", async () => {
      const slow = new ReadableStream({
        type: "bytes",
        pull(c) {
          c.enqueue(bytes("ab"));
        },
      });
      const { value, done } = await slow.getReader({ mode: "byob" }).readAtLeast(3, new Uint8Array(6));
      return [text(value), done];
    });
  },
  async "a body by BYOB"(see) {
    const reader = new Response("hello").body.getReader({ mode: "byob" });
    await see("read", async () => {
      const { value, done } = await reader.read(new Uint8Array(2));
      return [text(value), done];
    });
    await see("rest", async () => {
      const { value, done } = await reader.read(new Uint8Array(20));
      return [text(value), done];
    });
    await see("end", async () => {
      const { value, done } = await reader.read(new Uint8Array(20));
      return [value?.byteLength, done];
    });
  },
  async writing(see) {
    const got = [];
    const w = new WritableStream({
      write(chunk) {
        got.push(chunk);
      },
      close() {
        got.push("closed");
      },
      abort(why) {
        got.push(["aborted", why]);
      },
    });
    const writer = w.getWriter();
    see("desiredSize", writer.desiredSize);
    await writer.write("a");
    await writer.ready;
    await writer.close();
    see("got", got);
    await see("write after close", () => writer.write("b"));
    see("close after close", () => writer.close());
    const failing = new WritableStream({
      write() {
        throw new RangeError("no");
      },
    }).getWriter();
    await see("failing write", () => failing.write("x"));
    await see("closed", () => failing.closed);
    const aborted = new WritableStream({
      abort(why) {
        got.push(why);
      },
    });
    await see("abort", aborted.abort("why"));
    see("second writer", () => {
      const s = new WritableStream();
      s.getWriter();
      return s.getWriter();
    });
  },
  async piping(see) {
    const got = [];
    await of("a", "b").pipeTo(
      new WritableStream({
        write: (c) => {
          got.push(c);
        },
        close: () => {
          got.push("end");
        },
      }),
    );
    see("got", got);
    await see("failing source", () =>
      new ReadableStream({
        pull() {
          throw new RangeError("src");
        },
      }).pipeTo(new WritableStream()),
    );
    await see("failing sink", () =>
      of("a", "b").pipeTo(
        new WritableStream({
          write() {
            throw new RangeError("sink");
          },
        }),
      ),
    );
    await see("signal", () => of("a").pipeTo(new WritableStream(), { signal: AbortSignal.abort() }));
    const kept = new WritableStream();
    await of("a").pipeTo(kept, { preventClose: true });
    see("preventClose", () => kept.getWriter().desiredSize);
    see(
      "pipeThrough",
      all(
        of("a", "b").pipeThrough(
          new TransformStream({
            transform(c, k) {
              k.enqueue(c + c);
            },
            flush(k) {
              k.enqueue("!");
            },
          }),
        ),
      ),
    );
    see("pipeThrough of odd", () => of("a").pipeThrough({}));
    see("pipeTo of a locked one", () => {
      const s = of("a");
      s.getReader();
      return s.pipeTo(new WritableStream());
    });
  },
  async TransformStream(see) {
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    void writer.write("x");
    void writer.close();
    await see("identity", () => all(readable));
    const failing = new TransformStream({
      transform() {
        throw new RangeError("t");
      },
    });
    const w = failing.writable.getWriter();
    const write = w.write("x").catch((e) => e.name);
    await see("failing", () => all(failing.readable));
    await see("its write", write);
    const ended = new TransformStream({
      transform(c, k) {
        k.enqueue(c);
        k.terminate();
      },
    });
    void ended.writable.getWriter().write("x");
    await see("terminate", () => all(ended.readable));
    see("bad", () => new TransformStream({ readableType: "bytes" }));
  },
  async IdentityTransformStream(see) {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const done = writer.write(bytes("abc")).then(() => writer.close());
    await see("bytes", () => all(readable));
    await done;
    const other = new IdentityTransformStream();
    const w = other.writable.getWriter();
    const refused = w.write("text").catch((e) => e);
    void other.readable
      .getReader()
      .read()
      .catch(() => {});
    await see("text", refused);
    await see("object", () => {
      const t = new IdentityTransformStream();
      void t.readable
        .getReader()
        .read()
        .catch(() => {});
      return t.writable.getWriter().write({});
    });
    see("is a TransformStream", other instanceof TransformStream);
    await see("buffer", async () => {
      const t = new IdentityTransformStream();
      const u = t.writable.getWriter();
      void u.write(new Uint8Array([65, 66]).buffer);
      void u.close();
      return await all(t.readable);
    });
  },
  async FixedLengthStream(see) {
    const run = async (length, ...chunks) => {
      const { readable, writable } = new FixedLengthStream(length);
      const read = all(readable).then(
        (seen) => seen.join(""),
        (e) => `${e.name}`,
      );
      const writer = writable.getWriter();
      let error = "none";
      try {
        for (const chunk of chunks) await writer.write(bytes(chunk));
        await writer.close();
      } catch (e) {
        error = e.name;
      }
      return [await read, error];
    };
    await see("exact", run(5, "ab", "cde"));
    await see("too much", run(3, "ab", "cde"));
    await see("too little", run(9, "ab"));
    see("negative", () => new FixedLengthStream(-1));
    see("bigint", () => typeof new FixedLengthStream(5n));
    see("none", () => new FixedLengthStream());
    see("fraction", () => typeof new FixedLengthStream(1.5));
  },
  "a FixedLengthStream on the wire": (see, request, env, ctx) => {
    const { readable, writable } = new FixedLengthStream(5);
    const w = writable.getWriter();
    ctx.waitUntil(w.write(bytes("hello")).then(() => w.close()));
    return new Response(readable);
  },
  "an IdentityTransformStream on the wire": (see, request, env, ctx) => {
    const { readable, writable } = new IdentityTransformStream();
    const w = writable.getWriter();
    ctx.waitUntil(w.write(bytes("hello")).then(() => w.close()));
    return new Response(readable);
  },
  "a TransformStream on the wire": (see, request, env, ctx) => {
    const { readable, writable } = new TransformStream();
    const w = writable.getWriter();
    ctx.waitUntil(
      (async () => {
        await w.write(bytes("hel"));
        await scheduler.wait(5);
        await w.write(bytes("lo"));
        await w.close();
      })(),
    );
    return new Response(readable);
  },
  "text through an encoder on the wire": () =>
    new Response(of("a", "é").pipeThrough(new TextEncoderStream())),
  async "text streams"(see) {
    await see(
      "encode",
      async () => await new Response(of("a", "\ud83d", "\udca5").pipeThrough(new TextEncoderStream())).text(),
    );
    await see("decode", () =>
      all(
        of(bytes("h"), new Uint8Array([0xc3]), new Uint8Array([0xa9])).pipeThrough(new TextDecoderStream()),
      ),
    );
    await see("fatal", () =>
      all(of(new Uint8Array([0xff])).pipeThrough(new TextDecoderStream("utf-8", { fatal: true }))),
    );
    await see("a chunk that is no buffer", () => all(of("x").pipeThrough(new TextDecoderStream())));
    see("label", () => new TextDecoderStream("odd"));
    see("properties", () => {
      const d = new TextDecoderStream("latin1");
      return [d.encoding, d.fatal, d.ignoreBOM];
    });
  },
  async "compression streams"(see) {
    for (const format of ["gzip", "deflate", "deflate-raw", "brotli"])
      await see(
        format,
        async () =>
          await new Response(
            of(bytes("hello hello"))
              .pipeThrough(new CompressionStream(format))
              .pipeThrough(new DecompressionStream(format)),
          ).text(),
      );
    see("odd", () => new CompressionStream("odd"));
    await see("garbage", () => all(of(bytes("garbage")).pipeThrough(new DecompressionStream("gzip"))));
    await see("cut off", async () => {
      const z = new Uint8Array(
        await new Response(of(bytes("hello")).pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
      );
      return await all(of(z.subarray(0, 12)).pipeThrough(new DecompressionStream("gzip")));
    });
    await see("trailing", async () => {
      const z = new Uint8Array(
        await new Response(of(bytes("hello")).pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
      );
      return await all(of(z, bytes("more")).pipeThrough(new DecompressionStream("gzip")));
    });
    await see("text chunk", () => all(of("text").pipeThrough(new CompressionStream("gzip"))));
  },
  "queuing strategies"(see) {
    const b = new ByteLengthQueuingStrategy({ highWaterMark: 5 });
    const c = new CountQueuingStrategy({ highWaterMark: 2 });
    see("marks", [b.highWaterMark, c.highWaterMark]);
    see("sizes", () => [b.size(new Uint8Array(3)), c.size("x")]);
    see("none", () => new CountQueuingStrategy());
    see("desiredSize", () => {
      let size;
      new ReadableStream(
        {
          start(k) {
            k.enqueue("a");
            size = k.desiredSize;
          },
        },
        c,
      );
      return size;
    });
  },
};
