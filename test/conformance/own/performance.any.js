test("marks and measures make a timeline, of which observers are told", async () => {
  const told = [];
  const observer = new PerformanceObserver((list) => told.push(...list.getEntries()));
  observer.observe({ entryTypes: ["mark", "measure"] });
  performance.mark("a", { startTime: 10, detail: { of: "a" } });
  performance.mark("b", { startTime: 30 });
  const measure = performance.measure("a to b", "a", "b");
  equal([measure.startTime, measure.duration], [10, 20]);
  await Promise.resolve();
  equal(
    told.map(({ name, entryType }) => [name, entryType]),
    [
      ["a", "mark"],
      ["a to b", "measure"],
      ["b", "mark"],
    ],
  );
  observer.disconnect();
  equal(performance.getEntriesByName("a")[0].detail, { of: "a" });
  performance.clearMarks();
  performance.clearMeasures();
  equal(performance.getEntries(), []);
  throws("SyntaxError", () => performance.measure("x", "a"));
  throws("TypeError", () => performance.mark("x", { startTime: -1 }));
});
