/** Levels, and values whose text a tail gives as it is. */
export default {
  levels() {
    for (const level of ["log", "info", "warn", "error", "debug"]) console[level](`a ${level}`);
    return new Response("x");
  },
  "several values"() {
    console.log("a", "b", "c");
    console.log();
    console.log("");
    console.log("multi\nline");
    return new Response("x");
  },
  "numbers and null"() {
    console.log("n", 1, null, true);
    return new Response("x");
  },
  "format strings"() {
    console.log("%s is %d", "a", 5);
    return new Response("x");
  },
  "other methods"(see) {
    for (const name of [
      "assert",
      "clear",
      "count",
      "countReset",
      "dir",
      "dirxml",
      "group",
      "groupCollapsed",
      "groupEnd",
      "table",
      "time",
      "timeEnd",
      "timeLog",
      "timeStamp",
      "trace",
      "profile",
      "profileEnd",
      "createTask",
      "context",
    ])
      see(name, typeof console[name]);
  },
  "after the response": (see, request, env, ctx) => {
    ctx.waitUntil(scheduler.wait(10).then(() => console.log("later")));
    return new Response("x");
  },
  "an error as a value"() {
    console.error(new RangeError("told"));
    return new Response("x");
  },
};
