/** Each path breaks one limit, or fails in one way. The host and the other workers do not notice. */
const WAYS = {
  cpu() {
    while (true);
  },
  async "promise-loop"() {
    while (true) await Promise.resolve();
  },
  regex() {
    return /^(a+)+$/.test(`${"a".repeat(64)}!`);
  },
  memory() {
    const kept = [];
    const text = JSON.stringify(Array.from({ length: 200_000 }, () => 1));
    while (true) kept.push(JSON.parse(text));
  },
  throw() {
    throw new TypeError("thrown on purpose");
  },
  reject() {
    return Promise.reject(new RangeError("rejected on purpose"));
  },
  "no-response"() {
    return "this is no Response";
  },
  hang() {
    return new Promise(() => {});
  },
  async subrequests(env) {
    for (let count = 0; count < 100; count++) await env.KV.get(`key-${count}`);
  },
  log() {
    for (let count = 0; count < 10_000; count++) console.log("line", count);
    return new Response("logged as much as it may\n");
  },
};

export default {
  async fetch(request, env) {
    const way = new URL(request.url).pathname.slice(1);
    if (Object.hasOwn(WAYS, way)) return await WAYS[way](env);
    if (way !== "") return new Response("Not found\n", { status: 404 });
    const links = Object.keys(WAYS).map((name) => `<li><a href="/${name}">${name}</a>`);
    return new Response(`<h1>Limits</h1><ul>${links.join("")}</ul>`, {
      headers: { "content-type": "text/html" },
    });
  },
};
