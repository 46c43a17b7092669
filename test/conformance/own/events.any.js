test("listeners run in order, once, passive and until aborted", () => {
  const target = new EventTarget();
  const seen = [];
  const controller = new AbortController();
  target.addEventListener("x", () => seen.push("a"), { once: true });
  target.addEventListener("x", { handleEvent: () => seen.push("b") }, { signal: controller.signal });
  target.addEventListener("x", (event) => event.preventDefault());
  equal(target.dispatchEvent(new Event("x", { cancelable: true })), false);
  controller.abort();
  target.dispatchEvent(new CustomEvent("x", { detail: 1 }));
  equal(seen, ["a", "b"]);
  const event = new Event("y");
  throws("InvalidStateError", () => {
    target.addEventListener("y", () => target.dispatchEvent(event));
    let thrown;
    target.addEventListener("y", () => {});
    self.addEventListener(
      "error",
      (error) => {
        thrown = error.error;
        error.preventDefault();
      },
      { once: true },
    );
    target.dispatchEvent(event);
    if (thrown) throw thrown;
  });
});
test("signals abort with a reason, combine and time out", async () => {
  equal(AbortSignal.abort().reason.name, "AbortError");
  const controller = new AbortController();
  const any = AbortSignal.any([controller.signal, AbortSignal.timeout(60_000)]);
  controller.abort("why");
  equal([any.aborted, any.reason], [true, "why"]);
  const late = AbortSignal.timeout(5);
  await new Promise((resolve) => late.addEventListener("abort", resolve));
  equal(late.reason.name, "TimeoutError");
});
test("reportError reaches listeners of the global scope", () => {
  let seen;
  const listener = (event) => {
    seen = event.error;
    event.preventDefault();
  };
  self.addEventListener("error", listener);
  const error = new Error("reported");
  reportError(error);
  self.removeEventListener("error", listener);
  equal(seen === error, true);
});
test("DOMException has code, name and message", () => {
  const error = new DOMException("m", "DataCloneError");
  equal([error.code, error.name, error.message, error instanceof Error], [25, "DataCloneError", "m", true]);
});
