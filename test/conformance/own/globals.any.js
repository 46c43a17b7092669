test("interfaces have the shape of Web IDL", () => {
  for (const name of [
    "Headers",
    "Request",
    "Response",
    "URL",
    "Blob",
    "Event",
    "ReadableStream",
    "TextDecoder",
    "AbortSignal",
    "URLPattern",
    "WebSocket",
    "CompressionStream",
    "CryptoKey",
    "MessagePort",
    "Cache",
    "HTMLRewriter",
  ]) {
    const { value, enumerable, writable, configurable } = Object.getOwnPropertyDescriptor(globalThis, name);
    equal([typeof value, enumerable, writable, configurable], ["function", false, true, true], name);
    equal(value.name, name);
    equal(value.prototype[Symbol.toStringTag], name);
    equal(Object.getOwnPropertyDescriptor(value, "prototype").writable, false);
  }
});
test("getters check who they are called on", () => {
  const { get } = Object.getOwnPropertyDescriptor(Response.prototype, "status");
  throws("TypeError", () => get.call({}));
  throws("TypeError", () => Headers.prototype.get.call({}, "a"));
  throws("TypeError", () => Headers());
});
test("the clock stands still while code runs", () => {
  const [date, now] = [Date.now(), performance.now()];
  for (let i = 0; i < 1e6; i++) Math.sqrt(i);
  equal([Date.now() - date, performance.now() - now], [0, 0]);
});
test("nothing makes code of strings, shares memory or grows buffers", () => {
  throws("EvalError", () => new Function("1"));
  throws("EvalError", () => eval("1"));
  equal(typeof SharedArrayBuffer, "undefined");
  throws("RangeError", () => new ArrayBuffer(1, { maxByteLength: 2 }));
});
test("console takes anything and navigator tells who we are", () => {
  console.log("%s", { a: 1 }, Symbol("s"), new Proxy({}, {}));
  console.table([{ a: 1 }]);
  equal(typeof navigator.userAgent, "string");
});
