export default {
  listeners(see) {
    const seen = [];
    const t = new EventTarget();
    const f = (e) => seen.push(["f", e.type]);
    t.addEventListener("x", f);
    t.addEventListener("x", f);
    t.addEventListener("x", {
      handleEvent(e) {
        seen.push(["object", this !== t, e.eventPhase]);
      },
    });
    t.addEventListener("x", () => seen.push("once"), { once: true });
    see("dispatch", t.dispatchEvent(new Event("x")));
    t.removeEventListener("x", f);
    t.dispatchEvent(new Event("x"));
    see("seen", seen);
    see("null listener", () => t.addEventListener("y", null));
    see("bad listener", () => t.addEventListener("y", 5));
    see("bad event", () => t.dispatchEvent({ type: "x" }));
    see("signal", () => {
      const c = new AbortController();
      let n = 0;
      t.addEventListener("s", () => n++, { signal: c.signal });
      t.dispatchEvent(new Event("s"));
      c.abort();
      t.dispatchEvent(new Event("s"));
      return n;
    });
    see("this", () => {
      let who;
      t.addEventListener("z", function () {
        who = this === t;
      });
      t.dispatchEvent(new Event("z"));
      return who;
    });
  },
  events(see) {
    const e = new Event("x", { bubbles: true, cancelable: true, composed: true });
    see("main", [
      e.type,
      e.bubbles,
      e.cancelable,
      e.composed,
      e.defaultPrevented,
      e.eventPhase,
      e.isTrusted,
      e.target,
      e.currentTarget,
      e.timeStamp >= 0,
    ]);
    e.preventDefault();
    see("prevented", [e.defaultPrevented, e.returnValue]);
    see("path", e.composedPath());
    see("cancelled dispatch", () => {
      const t = new EventTarget();
      t.addEventListener("c", (k) => k.preventDefault());
      return [t.dispatchEvent(new Event("c", { cancelable: true })), t.dispatchEvent(new Event("c"))];
    });
    see("stopImmediate", () => {
      const seen = [];
      const t = new EventTarget();
      t.addEventListener("c", (k) => {
        seen.push(1);
        k.stopImmediatePropagation();
      });
      t.addEventListener("c", () => seen.push(2));
      t.dispatchEvent(new Event("c"));
      return seen;
    });
    see("CustomEvent", new CustomEvent("c", { detail: { a: 1 } }).detail);
    see("no detail", new CustomEvent("c").detail);
    see("MessageEvent", () => {
      const m = new MessageEvent("m", { data: 5, origin: "o", lastEventId: "i" });
      return [m.data, m.origin, m.lastEventId, m.source];
    });
    see("ErrorEvent", () => {
      const m = new ErrorEvent("e", { message: "m", error: 5, filename: "f", lineno: 1 });
      return [m.message, m.error, m.filename, m.lineno];
    });
    see("CloseEvent", () => {
      const c = new CloseEvent("c", { code: 4000, reason: "r", wasClean: true });
      return [c.code, c.reason, c.wasClean];
    });
    see("none", () => new Event());
    see("subclass", () => {
      class Mine extends Event {
        get x() {
          return 1;
        }
      }
      const m = new Mine("q");
      return [m.x, m.type, m instanceof Event];
    });
  },
  "a listener that throws"(see) {
    const t = new EventTarget();
    const seen = [];
    t.addEventListener("x", () => {
      throw new TypeError("in listener");
    });
    t.addEventListener("x", () => seen.push("second"));
    see("dispatch", () => t.dispatchEvent(new Event("x")));
    see("seen", seen);
  },
  async AbortController(see) {
    const c = new AbortController();
    const seen = [];
    c.signal.onabort = () => seen.push("onabort");
    c.signal.addEventListener("abort", (e) => seen.push(e.type));
    see("before", [c.signal.aborted, c.signal.reason]);
    c.abort();
    c.abort("again");
    see("after", [c.signal.aborted, c.signal.reason, seen]);
    see("throwIfAborted", () => c.signal.throwIfAborted());
    see("reason", () => {
      const d = new AbortController();
      d.abort("why");
      return d.signal.reason;
    });
    see("abort()", [AbortSignal.abort().aborted, AbortSignal.abort(5).reason]);
    await see("timeout", async () => {
      const s = AbortSignal.timeout(5);
      await scheduler.wait(30);
      return [s.aborted, s.reason];
    });
    see("any", () => {
      const d = new AbortController();
      const s = AbortSignal.any([d.signal, AbortSignal.timeout(1000)]);
      d.abort("x");
      return [s.aborted, s.reason];
    });
    see("any of aborted", () => AbortSignal.any([AbortSignal.abort(1)]).reason);
    see("any of none", () => AbortSignal.any([]).aborted);
    see("new", () => new AbortSignal());
    see("negative timeout", () => AbortSignal.timeout(-1));
  },
  DOMException(see) {
    const e = new DOMException("m", "AbortError");
    see("main", [
      e.name,
      e.message,
      e.code,
      e instanceof Error,
      typeof e.stack,
      Object.prototype.toString.call(e),
      String(e),
    ]);
    see("defaults", [new DOMException().name, new DOMException().code]);
    see("options", () => new DOMException("m", { name: "DataCloneError", cause: 1 }).name);
    see("constant", DOMException.ABORT_ERR);
  },
  structuredClone(see) {
    const same = (value) => structuredClone(value);
    for (const [name, value] of Object.entries({
      object: { a: [1, { b: 2 }] },
      date: new Date(5),
      map: new Map([["a", 1]]),
      set: new Set([1]),
      bytes: new Uint8Array([1, 2]),
      regexp: /a/gi,
      bigint: 5n,
      nan: NaN,
      boxed: Object("x"),
      sparse: [1, , 3],
    }))
      see(name, () => same(value));
    see("error", () => {
      const e = same(new RangeError("r", { cause: 1 }));
      return [e, e.message, e.cause];
    });
    see("function", () => same(() => {}));
    see("symbol", () => same(Symbol("x")));
    see("class instance", () =>
      same(
        new (class A {
          x = 1;
        })(),
      ),
    );
    see("circular", () => {
      const a = {};
      a.self = a;
      const b = same(a);
      return b.self === b;
    });
    see("transfer", () => {
      const b = new ArrayBuffer(4);
      const c = structuredClone(b, { transfer: [b] });
      return [b.byteLength, c.byteLength];
    });
    see("bad transfer", () => structuredClone(1, { transfer: [{}] }));
    see("Headers", () => same(new Headers()));
    see("Response", () => same(new Response("x")));
    see("Blob", () => same(new Blob(["x"])));
    see("File", () => same(new File(["x"], "n")));
    see("URL", () => same(new URL("http://a")));
    see("DOMException", () => same(new DOMException("m", "AbortError")));
    see("stream", () => same(new ReadableStream()));
    see("none", () => structuredClone());
    see("proxy", () => same(new Proxy({}, {})));
    see("promise", () => same(Promise.resolve()));
    see("weakmap", () => same(new WeakMap()));
    see("getter", () =>
      same({
        get a() {
          return 5;
        },
      }),
    );
    see("prototype", () => same(Object.create({ a: 1 })));
    see("shared reference", () => {
      const x = {};
      const [a, b] = same([x, x]);
      return a === b;
    });
  },
  async MessageChannel(see) {
    see("there", typeof MessageChannel);
    await see(
      "message",
      () =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port2.onmessage = (e) => resolve([e.data, e.ports.length]);
          port1.postMessage({ a: 1 });
        }),
    );
    see("function", () => {
      const { port1 } = new MessageChannel();
      port1.postMessage(() => {});
    });
  },
  async reportError(see) {
    see("result", () => reportError(new RangeError("reported")));
    await see(
      "heard",
      () =>
        new Promise((resolve) => {
          const f = (e) => {
            e.preventDefault();
            removeEventListener("error", f);
            resolve([e.type, e.message, e.error]);
          };
          addEventListener("error", f);
          reportError(new RangeError("heard"));
        }),
    );
    see("none", () => reportError());
  },
  "the global scope"(see) {
    see("this", [globalThis === self, typeof window, typeof document, typeof global]);
    see("tag", Object.prototype.toString.call(globalThis));
    see("classes", [
      globalThis instanceof ServiceWorkerGlobalScope,
      globalThis instanceof WorkerGlobalScope,
      globalThis instanceof EventTarget,
    ]);
    see("navigator", [
      navigator.userAgent,
      navigator.hardwareConcurrency,
      navigator.language,
      navigator.languages,
      navigator.platform,
    ]);
    see("navigator tag", Object.prototype.toString.call(navigator));
    see("origin", origin);
    see("flags", [typeof Cloudflare, Object.isFrozen(Cloudflare?.compatibilityFlags ?? {})]);
    see("importScripts", typeof importScripts);
    see("SharedArrayBuffer", typeof SharedArrayBuffer);
    see("Atomics.wait", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0));
    see("WeakRef", typeof WeakRef);
    see("FinalizationRegistry", typeof FinalizationRegistry);
    see(
      "strict",
      (function () {
        return this === undefined;
      })(),
    );
    see("overwriting fetch", () => {
      const old = globalThis.fetch;
      globalThis.fetch = 5;
      const seen = typeof fetch;
      globalThis.fetch = old;
      return seen;
    });
  },
  "code from text"(see) {
    see("eval", () => eval("1 + 1"));
    see("indirect eval", () => (0, eval)("1 + 1"));
    see("Function", () => new Function("return 1")());
    see("AsyncFunction", () => new (async () => {}).constructor("return 1"));
    see("setTimeout", () => setTimeout("1", 1));
    see("eval of no text", () => eval(5));
  },
  async WebAssembly(see) {
    const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
    see("validate", () => WebAssembly.validate(empty));
    see("Module", () => new WebAssembly.Module(empty));
    await see("compile", () => WebAssembly.compile(empty));
    await see("instantiate", () => WebAssembly.instantiate(empty));
    await see("compileStreaming", () => typeof WebAssembly.compileStreaming);
    see("Memory", () => new WebAssembly.Memory({ initial: 1 }).buffer.byteLength);
  },
};
