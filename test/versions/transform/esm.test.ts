import { test } from "uvu";
import * as assert from "uvu/assert";
import { runBothWays, runTransformed } from "./both-ways.ts";

/** Each behaves, transformed, as Node's own ES modules do; `least` lines are said. */
const CORPUS: Record<string, { modules: Record<string, string>; least?: number }> = {
  "live bindings": {
    modules: {
      "main.mjs": `import { count, add as more } from "./a.mjs"; import * as a from "./a.mjs";
        out(count, a.count); more(); out(count, a.count, typeof count, \`\${count}\`, { count }, [count], -count);`,
      "a.mjs": `export let count = 1; export function add() { count += 1; }`,
    },
    least: 2,
  },
  "cycles with hoisted functions": {
    modules: {
      "main.mjs": `import { b } from "./b.mjs"; export function a() { return "a"; } out("main", b()); export const late = 1;`,
      "b.mjs": `import { a, late } from "./main.mjs"; out("b", a());
        try { out(late); } catch (e) { out(e.name); } export function b() { return "b" + late; }`,
    },
    least: 3,
  },
  "the temporal dead zone of let, const, class and default": {
    modules: {
      "main.mjs": `import "./b.mjs"; export let l = 1; export const c = 2; export class K {} export default 3; export var v = 4;`,
      "b.mjs": `import * as main from "./main.mjs"; import d from "./main.mjs";
        for (const key of ["l", "c", "K", "default", "v"]) try { out(key, main[key]); } catch (e) { out(key, e.name); }
        try { d } catch (e) { out(e.name) }`,
    },
    least: 6,
  },
  "names of default exports": {
    modules: {
      "main.mjs": `import f from "./f.mjs"; import a from "./a.mjs"; import k from "./k.mjs"; import g from "./g.mjs";
        import n from "./n.mjs"; import p from "./p.mjs"; import s from "./s.mjs"; import as from "./as.mjs"; import kn from "./kn.mjs";
        out(f, a, k, g, n, p, s, as, kn); out(f(), n(), k.early, new kn().x);`,
      "f.mjs": `out(typeof f); export default function () { return 1 } function f() {}`,
      "a.mjs": `export default () => {}`,
      "k.mjs": `export default class { static early = this.name }`,
      "g.mjs": `export default function * () {}`,
      "n.mjs": `out(named()); export default function named() { return named.name }`,
      "p.mjs": `export default (function () {})`,
      "s.mjs": `export default (class { static name() {} });`,
      "as.mjs": `export /* a */ default // b
        async /* c */ function/* d */(/* e */) {}`,
      "kn.mjs": `export default class Named { x = Named.name }`,
    },
    least: 4,
  },
  "an anonymous default function is hoisted and rebinding a named one is seen": {
    modules: {
      "main.mjs": `import "./b.mjs"; import d from "./d.mjs"; out(d); out(d()); out(d); export default function () { return "early" }`,
      "b.mjs": `import d from "./main.mjs"; out(d(), d.name);`,
      "d.mjs": `export default function d() { d = 5; return 1 }`,
    },
    least: 4,
  },
  "a default export of a name is a copy, an export of it is not": {
    modules: {
      "main.mjs": `import d, { x, default as again } from "./a.mjs"; import { set } from "./a.mjs"; set(); out(d, x, again);`,
      "a.mjs": `let x = 1; export default x; export { x }; export function set() { x = 2 }`,
    },
    least: 1,
  },
  "star exports": {
    modules: {
      "main.mjs": `import * as all from "./a.mjs"; import { one, two, ns } from "./a.mjs";
        out(Object.keys(all), one, two, ns.one, "default" in all, all[Symbol.toStringTag], Object.getPrototypeOf(all));
        out(Object.isExtensible(all), "both" in all, Reflect.ownKeys(all).length);`,
      "a.mjs": `export * from "./b.mjs"; export * from "./c.mjs"; export * as ns from "./b.mjs"; export const one = "own";`,
      "b.mjs": `export const one = 1, both = 1; export default 0;`,
      "c.mjs": `export const two = 2, both = 2; export * from "./a.mjs";`,
    },
    least: 2,
  },
  "re-exports under other names": {
    modules: {
      "main.mjs": `import { y, "a b" as ab, d, __proto__ as p } from "./a.mjs"; import * as a from "./a.mjs"; out(y, ab, d, p, Object.keys(a));`,
      "a.mjs": `import imported from "./b.mjs"; import * as ns from "./b.mjs"; export { x as y, x as "a b", default as d } from "./b.mjs";
        export { imported, ns }; const __proto__ = 7; export { __proto__ };`,
      "b.mjs": `export let x = 1; export default 2;`,
    },
    least: 1,
  },
  "shadowing in every kind of scope": {
    modules: {
      "main.mjs": `import { x, y, f } from "./a.mjs";
        out(x);
        { let x = "block"; out(x); }
        (function (x) { out(x); })("parameter"); ((x) => out(x))("arrow"); (({ x }, [y], ...f) => out(x, y, f))({ x: 1 }, [2], 3);
        (function () { out(x); var x = "var"; out(x); { var y = 1 } out(y) })();
        (function (a = x) { var x = "body"; out(a, x); })();
        (function x() { out(typeof x); })(); (class x { static { out(typeof x); } });
        try { throw "caught"; } catch (x) { out(x); } try { throw [1] } catch ([x]) { out(x) }
        for (let x = 0; x < 1; x++) out(x); for (const x of ["of"]) out(x); for (const x in { in: 1 }) out(x); out(x);
        for (var v of [x, y]) out(v);
        try { for (let x of [x]) out(x) } catch (e) { out(e.name) }
        switch (x) { case x: out("case", y); } switch (1) { case 1: let y = "switch"; out(y) }
        { function f() { return "block function" } out(f()) } out(f());
        class C { x = x; [x] = 1; static x = x; static { var x = "static"; out(x); } y() { return y; } #x = x; get p() { return this.#x } }
        out(new C(), C.x, new C().y(), new C().p);
        x: for (;;) { break x; }
        const o = { x, y: x, x() {}, get y() { return x }, [x]: y, f: { x } }; out(o, o.x);
        const { x: z, [x]: w = x, ...rest } = { x: 1, k: 2 }; out(z, w, rest);
        out(o?.x, x?.length, f?.(), (f)(), new.target === undefined ? 1 : 2);
        function g(x = y, { z = x } = {}) { return [x, z] } out(g(), g(1));
        eval("out(1)");`.replace("new.target === undefined ? 1 : 2", "1"),
      "a.mjs": `export let x = "k", y = "y"; export function f() { return "f" }`,
    },
    least: 25,
  },
  "imports are called without a receiver": {
    modules: {
      "main.mjs":
        `import { self, tag, K } from "./a.mjs"; import * as a from "./a.mjs"; import d from "./a.mjs"
        out(self(), self?.(), tag\`x\`, (self)(), new K().v, new K, new a.K().v, a.self() === a, d(), typeof self())
        const no = 1
        self()
        tag\`y\`
        if (no) self(); else self()
        do self(); while (!no) self()
        for (const i of [1]) self()
        label: self()
        let list = [self(), ...[self()]]
        const arrow = () => self()
        out(arrow(), list)
        switch (1) { case 1:
          out(1)
          self()
          self().x
        }
        class E extends K { constructor() { super(); self() } static {
          out(2)
          self()
        } }
        function* gen() { yield
          self()
        }
        out([...gen()].length, new E().v)`.replaceAll("self().x", "self()"),
      "a.mjs": `export function self() { out("called"); return this } export function tag(s) { return [this === undefined, s.raw[0]] }
        export class K { v = 1 } export default function () { return this }`,
    },
    least: 15,
  },
  "assigning to an import is a TypeError": {
    modules: {
      "main.mjs": `import { x, o } from "./a.mjs"; import * as ns from "./a.mjs"; import d from "./a.mjs";
        const tries = [() => { x = 1 }, () => { x++ }, () => { ns = 1 }, () => { d = 1 }, () => { [x] = [1] }, () => { ({ x } = { x: 1 }) },
          () => { ({ x = 2 } = {}) }, () => { for (x of [1]); }, () => { for (x in { a: 1 }); }, () => { [...ns] = [1] }, () => { x += 1 },
          () => { ns.x = 1 }, () => { delete ns.x }, () => { ns.fresh = 1 }, () => { ({ a: ns } = { a: 1 }) }];
        for (const attempt of tries) try { attempt(); out("no error") } catch (e) { out(e.name) }
        o.x = 2; out(x, d, o.x);`,
      "a.mjs": `export let x = 1; export default 5; export const o = {};`,
    },
    least: 16,
  },
  "exported declarations with patterns": {
    modules: {
      "main.mjs": `import * as a from "./a.mjs"; out(Object.keys(a), a);`,
      "a.mjs": `export const { a, b: { c = 3, ...d }, ...e } = { a: 1, b: { x: 2 }, f: 6 }; export let [g, , h = 8, ...i] = [7, 0, undefined, 9], j;
        export var k = 11, { l } = { l: 12 }; export function* m() {} export async function n() {} export class O {}`,
    },
    least: 1,
  },
  "top-level await, in order with siblings and parents": {
    modules: {
      "main.mjs": `import { a } from "./a.mjs"; import "./b.mjs"; out("main", a); await null; out("after"); export const x = await 1; out(x);`,
      "a.mjs": `out("a1"); export const a = await new Promise((go) => setTimeout(go, 5, "A")); out("a2");`,
      "b.mjs": `out("b1"); for await (const x of [Promise.resolve(1), 2]) out("b", x);`,
    },
    least: 8,
  },
  "await using and using at the top level": {
    modules: {
      "main.mjs": `import "./a.mjs"; { await using x = { async [Symbol.asyncDispose]() { out("async gone") } }; out("held") } out("end");`,
      "a.mjs": `using x = { [Symbol.dispose]() { out("gone") } }; out("held", typeof x);`,
    },
    least: 5,
  },
  "await inside functions does not make a module asynchronous": {
    modules: {
      "main.mjs": `import "./a.mjs"; import "./b.mjs";`,
      "a.mjs": `async function f() { await 1; for await (const x of []); out("later") } f(); out("a");`,
      "b.mjs": `out("b");`,
    },
    least: 3,
  },
  "dynamic import, computed and with a cycle": {
    modules: {
      "main.mjs": `const name = "a"; const ns = await import("./" + name + ".mjs"); out(ns.default, Object.keys(ns), await import("./a.mjs") === ns);
        await import("./none.mjs").catch((e) => out(e instanceof Error));
        import("./bad.mjs").then(out, (e) => out("rejected", e)); await new Promise((go) => setTimeout(go, 5));`,
      "a.mjs": `export default 1; export const x = import.meta.url.endsWith("/a.mjs"); out(x, typeof import.meta);`,
      "bad.mjs": `throw "bad"`,
    },
    least: 4,
  },
  "errors of the body": {
    modules: {
      "main.mjs": `import "./a.mjs"; out("never");`,
      "a.mjs": `out("a"); throw new RangeError("x")`,
    },
    least: 2,
  },
  "strict mode, this and arguments": {
    modules: {
      "main.mjs": `out(this, typeof arguments, (function () { return this })(), (() => this)()); try { undeclared = 1 } catch (e) { out(e.name) }
        try { arguments } catch (e) { out(e.name) } out((function () { return arguments.length })(1, 2), (() => typeof arguments)());
        class K { m() { return arguments.length } } out(new K().m(1));`,
    },
    least: 4,
  },
  "one binding through two modules, and two that go round": {
    modules: {
      "main.mjs": `import * as ns from "./all.mjs"; out(Object.keys(ns), ns.x, ns.leaf.x, ns.y, ns.renamed); ns.set(2); out(ns.x, ns.renamed);
        import * as round from "./round-a.mjs"; out(Object.keys(round), round.a, round.b, round.c);`,
      "all.mjs": `export * from "./one.mjs"; export * from "./two.mjs";`,
      "one.mjs": `export { x, x as renamed, set } from "./leaf.mjs"; export * as leaf from "./leaf.mjs"; export const y = 1, mine = 1;`,
      "two.mjs": `import { x, set } from "./leaf.mjs"; import * as leaf from "./leaf.mjs"; export { x, x as renamed, set, leaf }; export let mine = 2;`,
      "leaf.mjs": `export let x = 1; export function set(to) { x = to }`,
      "round-a.mjs": `export { c as a, b } from "./round-b.mjs"; export const c = "c";`,
      "round-b.mjs": `export { c } from "./round-a.mjs"; export * from "./round-a.mjs"; export const b = "b";`,
    },
    least: 3,
  },
  "what means something else in a classic script": {
    modules: {
      "main.mjs": `let x = 3; out(\`<!-- -->\`, "<!--", /<!--/.source);
        while (x --> 1) out(x);
        let yield_ = 1, async = 2, of = 3, get = 4; out(async, of, get);
        // a comment that ends the file -->`,
    },
    least: 4,
  },
  "names like those of the wrapper": {
    modules: {
      "main.mjs": `import { imports, meta } from "./a.mjs"; const define = typeof exports, dynamicImport = 2, imports$1 = 3, defaultExport = 4;
        out(imports, meta, define, dynamicImport, imports$1, defaultExport, typeof nameDefault, import.meta.url.length > 0);
        export default function () {} function f(imports) { return [imports, meta] } out(f(0));`,
      "a.mjs": `export const imports = 1, meta = 2; const \\u0064efine = 5; out(define);`,
    },
    least: 3,
  },
  "semicolons that are left out": {
    modules: {
      "main.mjs": `import { f } from "./a.mjs"
        const a = 1
        import g from "./a.mjs"
        ;[2].map((x) => out(x))
        const b = f
        export { a }
        (function () { out("not called with b") })()
        export default b
        f()
        export * from "./a.mjs"
        \`template\`
        let c = a
        f()`,
      "a.mjs": `export function f(x) { out("f", x) } export default f`,
    },
    least: 4,
  },
  "line endings, hashbang and byte order mark": {
    modules: {
      "main.mjs": `#!/usr/bin/env node\r\nimport { x } from "./a.mjs"\r\nout(x)\rout("\u2028".length)//c\u2029out(3)`,
      "a.mjs": `\ufeffexport const x = \`a\r\nb\`.length`,
    },
    least: 3,
  },
};

for (const [title, { modules, least = 1 }] of Object.entries(CORPUS)) {
  test(`transformUpload keeps ${title}`, async () => {
    const [real, ours] = await runBothWays(modules);
    assert.ok(real.length >= least, `too little was said: ${JSON.stringify(real)}`);
    assert.equal(ours, real);
  });
}

test("transformUpload keeps two modules apart that declare the same names", async () => {
  const namespace = await runTransformed({
    "main.mjs": `import { x as y } from "./lib/x.mjs"; var x = 1; function f() {} export { x, y }`,
    "lib/x.mjs": `var x = 2; function f() {} export { x }`,
  });
  assert.equal([namespace["x"], namespace["y"]], [1, 2]);
});

test("transformUpload reads <!-- in a module as operators, as the language has it", async () => {
  // V8 refuses it in modules, so there is nothing to compare with.
  const { a, b, y } = await runTransformed({
    "main.mjs": `export let x = 3, y = 2; export const a = x<!--y, b = \`\${ x <!--y }\`; export { x as c }`,
  });
  assert.equal([a, b, y], [false, "false", 0]);
});

test.run();
