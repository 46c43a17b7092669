test("clones keep kinds and cycles", () => {
  const value = {
    date: new Date(5),
    map: new Map([[1, new Set([2])]]),
    error: new RangeError("r"),
    big: 1n,
    view: bytes(1, 2).subarray(1),
    reg: /a/gi,
  };
  value.self = value;
  const copy = structuredClone(value);
  equal(
    [
      copy.self === copy,
      copy.date.getTime(),
      copy.map.get(1).has(2),
      copy.error.name,
      copy.big === 1n,
      copy.view[0],
      String(copy.reg),
    ],
    [true, 5, true, "RangeError", true, 2, "/a/gi"],
  );
});
test("transferred buffers are detached; functions cannot be cloned", () => {
  const buffer = new ArrayBuffer(8);
  equal(structuredClone(buffer, { transfer: [buffer] }).byteLength, 8);
  equal(buffer.byteLength, 0);
  throws("DataCloneError", () => structuredClone(() => {}));
  throws("DataCloneError", () => structuredClone(buffer, { transfer: [buffer] }));
  throws("DataCloneError", () => structuredClone(Symbol("s")));
});
