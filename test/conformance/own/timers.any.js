test("timers fire in order of their time, and can be cleared", async () => {
  const seen = [];
  setTimeout(() => seen.push(2), 8);
  setTimeout((value) => seen.push(value), 1, 1);
  clearTimeout(setTimeout(() => seen.push("never"), 2));
  await scheduler.wait(30);
  equal(seen, [1, 2]);
});
test("intervals repeat; microtasks come first", async () => {
  let count = 0;
  await new Promise((resolve) => {
    const id = setInterval(() => {
      if (++count === 3) {
        clearInterval(id);
        resolve();
      }
    }, 1);
  });
  const order = [];
  setTimeout(() => order.push("timer"), 1);
  queueMicrotask(() => order.push("microtask"));
  await scheduler.wait(10);
  equal(order, ["microtask", "timer"]);
  await rejects("AbortError", scheduler.wait(1_000, { signal: AbortSignal.abort() }));
});
