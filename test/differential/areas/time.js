export default {
  "clocks while code runs"(see) {
    const start = Date.now(),
      p = performance.now();
    let n = 0;
    for (let i = 0; i < 1e7; i++) n += i % 7;
    see("Date.now", Date.now() - start);
    see("new Date", new Date().getTime() - start);
    see("performance.now", performance.now() - p);
    see("timeOrigin", performance.timeOrigin);
    see("work", n > 0);
  },
  async "clocks after a wait"(see) {
    const start = Date.now();
    await scheduler.wait(15);
    const passed = Date.now() - start;
    see("moved", passed >= 10 && passed < 5000);
  },
  async "clocks after a fetch"(see, request, env) {
    const start = Date.now();
    await fetch(`${env.ORIGIN}/slow`).then((r) => r.text());
    see("moved", Date.now() >= start);
  },
  async "order of timers and microtasks"(see) {
    const order = [];
    setTimeout(() => order.push("t10"), 10);
    setTimeout(() => {
      order.push("t0");
      queueMicrotask(() => order.push("m in t0"));
    }, 0);
    setTimeout(() => order.push("t0 again"), 0);
    setTimeout(() => order.push("t5"), 5);
    queueMicrotask(() => order.push("micro"));
    Promise.resolve().then(() => order.push("promise"));
    order.push("sync");
    await scheduler.wait(60);
    see("order", order);
  },
  async setTimeout(see) {
    see("type", typeof setTimeout(() => {}, 1));
    await see("arguments", new Promise((resolve) => setTimeout((...all) => resolve(all), 1, "a", 2)));
    await see("negative", new Promise((resolve) => setTimeout(resolve, -5, "ran")));
    await see("no delay", new Promise((resolve) => setTimeout(resolve)));
    await see("text delay", new Promise((resolve) => setTimeout(resolve, "2", "ran")));
    await see("NaN", new Promise((resolve) => setTimeout(resolve, NaN, "ran")));
    see("text as callback", () => setTimeout("1"));
    see("object as callback", () => setTimeout({}));
    see("none", () => setTimeout());
    see(
      "this",
      await new Promise((resolve) =>
        setTimeout(function () {
          resolve(this === globalThis);
        }, 1),
      ),
    );
  },
  async "clearing timers"(see) {
    let ran = 0;
    clearTimeout(setTimeout(() => ran++, 1));
    const id = setInterval(() => {
      ran += 10;
      if (ran >= 20) clearInterval(id);
    }, 1);
    see("of nothing", [clearTimeout(), clearTimeout(undefined), clearTimeout(12345), clearTimeout(null)]);
    see("of text", () => clearTimeout("x"));
    while (ran < 20) await scheduler.wait(2);
    await scheduler.wait(5);
    see("ran", ran);
  },
  async "scheduler.wait"(see) {
    await see("value", scheduler.wait(1));
    await see("aborted", () => scheduler.wait(1000, { signal: AbortSignal.abort() }));
    await see("aborted later", () => {
      const c = new AbortController();
      setTimeout(() => c.abort(new RangeError("x")), 5);
      return scheduler.wait(10_000, { signal: c.signal });
    });
    await see("negative", () => scheduler.wait(-1));
    await see("none", () => scheduler.wait());
    see("tag", Object.prototype.toString.call(scheduler));
  },
  async setImmediate(see) {
    await see("value", () => typeof setImmediate);
  },
  async performance(see) {
    see("mark", () => {
      const m = performance.mark("a", { detail: 1 });
      return [m.name, m.entryType, m.duration, m.detail];
    });
    see("measure", () => performance.measure("m", "a").entryType);
    see("entries", () => performance.getEntriesByType("mark").length);
    see("clear", () => {
      performance.clearMarks();
      performance.clearMeasures();
      return performance.getEntries().length;
    });
    see("toJSON", () => Object.keys(performance.toJSON()).sort());
    see("eventCounts", () => typeof performance.eventCounts);
    see("timerify", () => typeof performance.timerify);
  },
  "an interval and its response": () =>
    new Promise((resolve) => {
      let n = 0;
      const id = setInterval(() => {
        if (++n === 3) {
          clearInterval(id);
          resolve(new Response(`after ${n}`));
        }
      }, 2);
    }),
};
