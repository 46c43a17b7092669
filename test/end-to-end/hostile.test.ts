import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CatastropheReport } from "../../src/index.ts";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

const GOOD = `export default { fetch() { return new Response("well"); } };`;

const LOW = { cpuMs: 100 };

/** No call stops these: only losing the process does. */
const UNSTOPPABLE = [
  {
    name: "thrown Proxy whose traps spin",
    body: "throw new Proxy(new Error('x'), { get() { for (;;); }, getPrototypeOf() { for (;;); } });",
  },
  {
    name: "floating rejection of a Proxy whose traps spin",
    body: "Promise.reject(new Proxy({}, { get() { for (;;); } })); return new Response('sent');",
  },
  {
    name: "native builtin that runs for minutes",
    body: "let x = 3n; for (let i = 0; i < 40; i++) x = x * x; return new Response(String(x).slice(0, 3));",
  },
] as const;

for (const { name, body } of UNSTOPPABLE) {
  test(`a ${name} costs a process cell at most; the other workers go on`, async () => {
    const catastrophes: CatastropheReport[] = [];
    await using at = await makeHost({
      cell: "process",
      onCatastrophe: (report) => catastrophes.push(report),
    });
    const good = await at.host.deploy(upload("good", GOOD));
    const bad = await at.host.deploy(
      upload("bad", `export default { async fetch(request) { ${body} } };`, { limits: LOW }),
    );
    const answer = await bad.fetch("http://bad/");
    await answer.text();
    await until("the other worker answers, though its cell may be replaced", async () => {
      const other = await good.fetch("http://good/");
      return (await other.text()) === "well";
    });
    for (let i = 0; i < 20; i++) {
      const other = await good.fetch("http://good/");
      // A request that is in the cell while it is replaced is told so; anything else is an answer.
      if (other.status !== 200) assert.is(other.headers.get("skerry-outcome"), "isolateLost");
      await other.text();
    }
    if (catastrophes.length > 0) {
      assert.is(catastrophes[0]!.worker, "bad");
      assert.is(catastrophes[0]!.cell, "process");
    }
    assert.equal(at.faults, []);
  });
}

test("a rejection that nothing can stop is reported with its worker's name, and the cell is replaced", async () => {
  const catastrophes: CatastropheReport[] = [];
  await using at = await makeHost({ cell: "process", onCatastrophe: (report) => catastrophes.push(report) });
  const good = await at.host.deploy(upload("good", GOOD));
  const bad = await at.host.deploy(
    upload(
      "bad",
      `export default { async fetch() {
    (async () => { await 0; throw new Proxy({}, { get() { for (;;); } }); })();
    return new Response("sent");
  } };`,
      { limits: LOW },
    ),
  );
  await (await bad.fetch("http://bad/")).text().catch(() => "");
  await until("it is reported", () => catastrophes.length > 0);
  assert.is(catastrophes[0]!.worker, "bad");
  await until(
    "the neighbour answers from the new cell",
    async () => (await (await good.fetch("http://good/")).text()) === "well",
  );
});

/** Nothing of these reaches the host: each ends in an answer, and the host and worker live on. */
const NASTY = [
  ["throws null", "throw null;"],
  ["throws an object whose message throws", "throw { get message() { throw 1; }, toString() { throw 2; } };"],
  ["throws a symbol", "throw Symbol('s');"],
  ["returns a string", "return 'text';"],
  ["returns a forged Response", "return { status: 200, body: 'x', headers: new Headers() };"],
  ["returns a Proxy of a Response", "return new Proxy(new Response('x'), {});"],
  [
    "answers with a status that is an object",
    "return new Response('x', { status: { valueOf() { throw 1; } } });",
  ],
  [
    "patches what the runtime uses",
    `Array.prototype.push = Function.prototype.call = Reflect.apply = Promise.prototype.then = Map.prototype.get = () => { throw new Error("patched"); };
     Object.defineProperty(Object.prototype, "type", { set() { throw 1; }, configurable: true }); return new Response("patched");`,
  ],
  [
    "logs a cyclic graph with throwing getters",
    "const a = { get b() { throw 1; } }; a.a = a; console.log(a, new Proxy({}, { ownKeys() { throw 1; } })); return new Response('ok');",
  ],
  [
    "logs a hundred megabytes",
    "for (let i = 0; i < 100; i++) console.log('x'.repeat(1e6)); return new Response('ok');",
  ],
  ["crashes a native split", "return new Response(String('a'.repeat(2e8).split('').length));"],
] as const;

for (const cell of CELLS) {
  for (const [name, body] of NASTY) {
    test(`a worker that ${name} stops neither host nor itself (${cell})`, async () => {
      await using at = await makeHost({ cell });
      const good = await at.host.deploy(upload("good", GOOD));
      const bad = await at.host.deploy(
        upload(
          "bad",
          `export default { async fetch(request) {
        if (request.url.endsWith("/ok")) return new Response("fine");
        ${body}
      } };`,
          { limits: { cpuMs: 2_000 } },
        ),
      );
      const answer = await bad.fetch("http://bad/");
      await answer.text();
      assert.ok(answer.status >= 200 && answer.status < 600);
      assert.is(await (await good.fetch("http://good/")).text(), "well");
      assert.equal(at.faults, []);
      if (name.startsWith("patches")) return;
      await until(
        "the worker answers again",
        async () => (await (await bad.fetch("http://bad/ok")).text()) === "fine",
      );
    });
  }

  test(`nothing of Node or the host can be reached from a worker (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "looks",
        `export default { async fetch() {
      const found = [];
      const seen = new Set();
      const walk = (value, path, depth) => {
        if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value) || depth > 6) return;
        seen.add(value);
        if (value.constructor && typeof value.constructor === "function" && !(value.constructor instanceof Function)) found.push("foreign constructor at " + path);
        let keys = [];
        try { keys = Reflect.ownKeys(value); } catch {}
        for (const key of keys) {
          let next;
          try { next = value[key]; } catch { continue; }
          walk(next, path + "." + String(key), depth + 1);
        }
        try { walk(Object.getPrototypeOf(value), path + ".__proto__", depth + 1); } catch {}
      };
      walk(globalThis, "globalThis", 0);
      for (const name of ["process", "require", "module", "Buffer", "ivm", "SharedArrayBuffer", "_ivm", "global"]) if (name in globalThis) found.push(name);
      let error; try { null.x; } catch (caught) { error = caught; }
      for (const line of error.stack.split("\\n")) if (/node_modules|\\/src\\/|file:/.test(line)) found.push(line);
      for (const attempt of [() => this.constructor.constructor("return process")(), () => Function("return process")(), () => (0, eval)("process")]) {
        try { found.push("got " + typeof attempt()); } catch {}
      }
      return Response.json(found);
    } };`,
        { limits: { cpuMs: 5_000 } },
      ),
    );
    assert.equal(await (await worker.fetch("http://looks/")).json(), []);
  });

  test(`no clock moves while code runs (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "times",
        `export default { async fetch() {
      const clocks = () => [Date.now(), new Date().getTime(), performance.now(), typeof Temporal === "object" && Temporal.Now ? Temporal.Now.instant().epochMilliseconds : 0];
      const before = clocks();
      for (let i = 0; i < 2e7; i++);
      const after = clocks();
      await new Promise((done) => setTimeout(done, 20));
      return Response.json({ still: before.every((value, i) => value === after[i]), moved: Date.now() > before[0] });
    } };`,
        { limits: { cpuMs: 5_000 } },
      ),
    );
    assert.equal(await (await worker.fetch("http://times/")).json(), { still: true, moved: true });
  });

  test(`two accounts with the same namespace id see nothing of each other (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const source = `export default { async fetch(request, env) {
      if (request.method === "PUT") { await env.KV.put("k", await request.text()); return new Response("put"); }
      return new Response(await env.KV.get("k"));
    } };`;
    const kvNamespaces = [{ binding: "KV", id: "shared-name" }];
    const one = await at.host.deploy(upload("w", source, { account: "one", kvNamespaces }));
    const two = await at.host.deploy(upload("w", source, { account: "two", kvNamespaces }));
    await (await one.fetch("http://w/", { method: "PUT", body: "secret" })).text();
    assert.is(await (await one.fetch("http://w/")).text(), "secret");
    assert.is(await (await two.fetch("http://w/")).text(), "");
  });
}

test("the hosts of these tests close", closeHosts);

test.run();
