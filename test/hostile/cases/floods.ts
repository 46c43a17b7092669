import type { HostileCase } from "../hostile-case.ts";

const MANY = { subrequests: 100_000, cpuMs: 3_000, wallMs: 30_000 };
const OWN_TEXT = `const outcome = async (run) => { try { await run(); return "done"; } catch (error) { return error instanceof Error ? error.message : "stranger"; } };`;

/** D. Floods of calls, and destinations where nothing may be reached. */
export const FLOODS: readonly HostileCase[] = [
  {
    number: 83,
    name: "a million fetches in one event",
    ends: ["THROW"],
    limits: { cpuMs: 1_000 },
    body: `for (let i = 0; i < 1e6; i++) await fetch("http://127.0.0.1:1/").catch((error) => { if (error.message.includes("Too many subrequests")) throw error; });
      return new Response("all of them");`,
  },
  {
    number: 84,
    name: "ten thousand fetches at once",
    ends: ["OK"],
    limits: MANY,
    body: `const all = await Promise.allSettled(Array.from({ length: 10_000 }, () => fetch("http://127.0.0.1:1/")));
      return new Response(all.every(({ status }) => status === "rejected") ? "ok" : "some were answered");`,
  },
  {
    number: 86,
    name: "addresses of the host and of private networks, in one text",
    ends: ["OK"],
    body: `${OWN_TEXT}
      const hosts = ["127.0.0.1", "[::1]", "0.0.0.0", "169.254.169.254", "10.0.0.1", "[fd00::1]", "100.64.0.1", "[64:ff9b::7f00:1]", "localhost.", "2130706433", "0x7f.1", "１２７.0.0.1", "[::ffff:127.0.0.1]", "192.168.1.1"];
      const texts = new Set(await Promise.all(hosts.map((host) => outcome(() => fetch("http://" + host + "/")))));
      return new Response(texts.size === 1 && !texts.has("done") ? "ok" : [...texts].join(" | "));`,
  },
  {
    number: 89,
    name: "schemes that are no web",
    ends: ["OK"],
    body: `${OWN_TEXT}
      const urls = ["file:///etc/passwd", "ftp://example.com/", "node:fs", "javascript:1", "about:blank", "chrome://x", "unix:/tmp/x", "gopher://x/"];
      const said = await Promise.all(urls.map((url) => outcome(() => fetch(url))));
      const huge = await outcome(() => fetch("data:text/plain," + "x".repeat(1e6)).then((response) => response.text()));
      return new Response(!said.includes("done") && !said.includes("stranger") && huge !== "stranger" ? "ok" : said.join(" | "));`,
  },
  {
    number: 91,
    name: "keys and values of KV beyond their sizes",
    ends: ["OK"],
    limits: { cpuMs: 3_000, memoryMb: 128 },
    body: `${OWN_TEXT}
      const said = [await outcome(() => env.KV.put("k".repeat(513), "v")), await outcome(() => env.KV.put("k", new Uint8Array(25 * 1024 * 1024 + 1))), await outcome(() => env.KV.put("", "v")), await outcome(() => env.KV.get("..")),
        await outcome(() => env.KV.put("k", "v", { metadata: "m".repeat(1_025) })), await outcome(() => env.KV.put("k", "v", { expirationTtl: 59 })), await outcome(() => env.KV.put("k", "v", { expirationTtl: -1 }))];
      return new Response(!said.includes("done") && !said.includes("stranger") ? "ok" : said.join(" | "));`,
  },
  {
    number: 91,
    name: "a million puts in one event",
    ends: ["THROW"],
    limits: { cpuMs: 1_000 },
    body: `for (let i = 0; i < 1e6; i++) await env.KV.put("flood", "v" + i); return new Response("all of them");`,
  },
  {
    number: 92,
    name: "ten million log lines",
    ends: ["TERM-CPU", "TERM-QUOTA", "OK"],
    limits: { cpuMs: 1_000 },
    body: `for (let i = 0; i < 1e7; i++) console.log("line", i); return new Response("ok");`,
  },
  {
    number: 96,
    name: "calls without end that nobody waits for",
    ends: ["TERM-CPU", "TERM-MEM", "TERM-QUOTA", "THROW", "EXCEPTION"],
    limits: { ...MANY, cpuMs: 500 },
    body: `for (;;) env.KV.get("k").catch(() => {});`,
  },
  {
    number: 96,
    name: "records without end in one turn",
    ends: ["TERM-CPU", "TERM-MEM", "TERM-QUOTA", "THROW", "EXCEPTION"],
    limits: { ...MANY, cpuMs: 500 },
    body: `for (let i = 0; ; i++) { clearTimeout(setTimeout(() => {}, 1_000)); console.log("x".repeat(1_000)); }`,
  },
  {
    number: 99,
    name: "names of hosts without end",
    ends: ["OK", "THROW", "TERM-WALL"],
    limits: { ...MANY, wallMs: 60_000 },
    body: `await Promise.allSettled(Array.from({ length: 18 }, (_, i) => fetch("http://flood-" + i + ".invalid/"))); return new Response("ok");`,
  },
  {
    number: 100,
    name: "a hundred thousand promises in waitUntil that never settle",
    ends: ["OK"],
    limits: { cpuMs: 2_000, waitUntilMs: 300 },
    body: `for (let i = 0; i < 1e5; i++) ctx.waitUntil(new Promise(() => {})); return new Response("ok");`,
  },
  {
    number: 157,
    name: "a worker that asks itself without end",
    ends: ["OK"],
    asksItself: true,
    body: `return await env.SELF.fetch(request.url).catch(({ message }) => new Response(message.includes("too many workers") ? "ok" : message));`,
  },
  {
    number: 157,
    name: "a worker that asks itself as often as it may, all at once",
    ends: ["OK"],
    asksItself: true,
    limits: { subrequests: 200 },
    body: `const inner = request.headers.get("inner") !== null;
      const all = inner ? [] : await Promise.all(Array.from({ length: 300 }, () => env.SELF.fetch(request.url, { headers: { inner: "1" } }).then((r) => r.text(), ({ message }) => message)));
      const done = all.filter((text) => text === "ok").length;
      return new Response(inner || (done <= 200 && all.filter((text) => text.startsWith("Too many subrequests")).length === 100) ? "ok" : String(done));`,
  },
];
