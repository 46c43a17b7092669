/* (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)) */
const ADD = bytes(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  7,
  1,
  96,
  2,
  127,
  127,
  1,
  127,
  3,
  2,
  1,
  0,
  7,
  7,
  1,
  3,
  97,
  100,
  100,
  0,
  0,
  10,
  9,
  1,
  7,
  0,
  32,
  0,
  32,
  1,
  106,
  11,
);
test("bytes are not compiled while a request is answered", async () => {
  await rejects(
    "CompileError",
    WebAssembly.compile(ADD).catch((error) => {
      throw Object.assign(error, { constructor: undefined });
    }),
  );
  equal(WebAssembly.validate(ADD), true);
});
test("memories stay within the isolate's", () => {
  equal(new WebAssembly.Memory({ initial: 1 }).buffer.byteLength, 65_536);
  throws("RangeError", () => new WebAssembly.Memory({ initial: 60_000 }));
});
test("modules have V8's class of module sources as their parent", () => {
  const parent = Object.getPrototypeOf(WebAssembly.Module);
  equal(
    [parent.name, Object.getPrototypeOf(WebAssembly.Module.prototype) === parent.prototype],
    ["AbstractModuleSource", true],
  );
});
