import type { Attack } from "./attack.ts";

/** Code that takes memory until something stops it; names are those of the list of hostile scripts. */
export const MEMORY_ATTACKS: readonly Attack[] = [
  { name: "m01", what: "array push", code: `const a = []; while (true) a.push(Math.random());` },
  {
    name: "m02",
    what: "small objects",
    code: `const a = []; while (true) a.push({ a: 1, b: { c: 'x' + a.length } });`,
  },
  {
    name: "m03",
    what: "strings",
    code: `const a = []; while (true) a.push(('x' + a.length).repeat(1000).toUpperCase());`,
  },
  {
    name: "m04",
    what: "arraybuffers",
    code: `const a = []; while (true) { const b = new Uint8Array(2 ** 21); b.fill(1); a.push(b); }`,
  },
  {
    name: "m04b",
    what: "arraybuffers caught",
    code: `const a = []; while (true) { try { const b = new Uint8Array(2 ** 20); b.fill(1); a.push(b); } catch {} }`,
  },
  {
    name: "m05",
    what: "wasm memory grow",
    code: `const m = new WebAssembly.Memory({ initial: 1, maximum: 65536 }); while (true) { m.grow(1024); new Uint8Array(m.buffer).fill(1); }`,
  },
  {
    name: "m05b",
    what: "wasm many memories",
    code: `const a = []; while (true) { const m = new WebAssembly.Memory({ initial: 256 }); new Uint8Array(m.buffer).fill(1); a.push(m); }`,
  },
  {
    name: "m05d",
    what: "wasm table",
    code: `const a = []; while (true) a.push(new WebAssembly.Table({ initial: 10000000, element: 'anyfunc' }));`,
  },
  {
    name: "m05e",
    what: "wasm code flood",
    code: `function leb(n) { const o = []; do { let b = n & 127; n >>>= 7; if (n) b |= 128; o.push(b); } while (n); return o; } function mod(k) { const body = []; for (let i = 0; i < k; i++) body.push(65, 1, 65, 2, 106, 26); const code = [0, ...body, 11]; const f = [...leb(code.length), ...code]; const N = 50; let fs = []; for (let i = 0; i < N; i++) fs.push(...f); const cs = [...leb(N), ...fs]; const sec = (id, c) => [id, ...leb(c.length), ...c]; return new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, ...sec(1, [1, 96, 0, 0]), ...sec(3, [...leb(N), ...new Array(N).fill(0)]), ...sec(7, [1, 1, 102, 0, 0]), ...sec(10, cs)]); } const b = mod(800); const a = []; for (let i = 0; ; i++) { const m = new WebAssembly.Module(b); a.push(new WebAssembly.Instance(m)); a[i].exports.f(); }`,
  },
  {
    name: "m06b",
    what: "growable sab",
    code: `const a = []; while (true) { const b = new SharedArrayBuffer(0, { maxByteLength: 2 ** 30 }); b.grow(2 ** 30); new Uint8Array(b).fill(1); a.push(b); }`,
  },
  {
    name: "m06c",
    what: "sab",
    code: `const a = []; while (true) { const b = new SharedArrayBuffer(2 ** 24); new Uint8Array(b).fill(1); a.push(b); }`,
  },
  {
    name: "m06e",
    what: "buffer transfer",
    code: `const a = []; while (true) { let b = new ArrayBuffer(1024); b = b.transfer(2 ** 26); new Uint8Array(b).fill(1); a.push(b); }`,
  },
  { name: "m07", what: "deep recursion", code: `function f(n) { return f(n + 1) + 1; } f(0);` },
  {
    name: "m07c",
    what: "native recursion",
    code: `let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); try { p.x; } catch (e) {} let b = function () {}; for (let i = 0; i < 1e5; i++) b = b.bind(null); try { b(); } catch (e) {} try { JSON.parse('['.repeat(1e7)); } catch (e) {} try { eval('('.repeat(1e6)); } catch (e) {} try { new RegExp('('.repeat(1e6)); } catch {} try { new RegExp('(?:'.repeat(1e5) + 'a' + ')'.repeat(1e5)).test('a'); } catch {} 1;`,
  },
  {
    name: "m08",
    what: "giant array",
    code: `const b = new Array(100 * 1024 * 1024); let i = b.length; while (i--) b[i] = 1;`,
  },
  { name: "m08c", what: "array from huge", code: `Array.from({ length: 2 ** 27 }).length;` },
  { name: "m08d", what: "split", code: `'a'.repeat(5e8).split('').length;` },
  { name: "m08f", what: "concat spread args", code: `Math.max.apply(null, new Array(1e8));` },
  { name: "m08g", what: "array concat double", code: `let a = [1.5]; while (true) a = a.concat(a);` },
  {
    name: "m08i",
    what: "push spread max",
    code: `const a = []; a.length = 112813858 - 5; a.fill(1); for (let i = 0; i < 10; i++) a.push(1);`,
  },
  { name: "m09", what: "map huge", code: `const m = new Map(); for (let i = 0; ; i++) m.set(i, i);` },
  { name: "m09c", what: "object dict", code: `const o = {}; for (let i = 0; ; i++) o['k' + i] = i;` },
  { name: "m09d", what: "symbols", code: `for (let i = 0; ; i++) Symbol.for('s' + i);` },
  {
    name: "m10",
    what: "promises",
    code: `const a = []; while (true) a.push(new Promise(() => {}).then(() => {}));`,
  },
  {
    name: "m10b",
    what: "microtask queue",
    code: `const p = Promise.resolve(); while (true) p.then(() => {});`,
  },
  {
    name: "m11",
    what: "error stack flood",
    code: `Error.stackTraceLimit = 1e9; const a = []; function f(n) { if (n) return f(n - 1); a.push(new Error('x')); } while (true) f(5000);`,
  },
  { name: "m12", what: "regexp big input", code: `'a'.repeat(2e8).replace(/a/g, 'bb').length;` },
  {
    name: "m14",
    what: "json stringify big",
    code: `const s = '\\u0001'.repeat(6e7); JSON.stringify([s, s]).length;`,
  },
  {
    name: "m15",
    what: "generators",
    code: `const a = []; function* g(...x) { yield x; } while (true) { const it = g(...new Array(1000)); it.next(); a.push(it); }`,
  },
  {
    name: "m17",
    what: "template tagged",
    code: `const a = []; for (let i = 0; ; i++) a.push(new Function('a', 'b', 'return \`\${a}' + i + '\${b}\` + [' + new Array(200).fill(i).join(',') + ']')(1, 2));`,
  },
  {
    name: "m18",
    what: "gc thrash",
    code: `const keep = []; for (let i = 0; i < 115e3; i++) keep.push(new Array(110).fill(i)); while (true) { let x = []; for (let i = 0; i < 1000; i++) x.push(new Array(100).fill(i)); }`,
  },
  {
    name: "m20",
    what: "weakmap ephemeron",
    code: `let wm = []; let k = {}; const root = k; const m = new WeakMap(); for (let i = 0; i < 1e6; i++) { const v = { i }; m.set(k, v); k = v; } for (let i = 0; i < 200; i++) new Array(1e6).fill(i); 1;`,
  },
  {
    name: "m21",
    what: "temporal dos",
    code: `try { Temporal.Duration.from({ nanoseconds: 1e25 }); } catch {} try { Temporal.Instant.from('1970-01-01T00:00Z').add({ hours: 2400000000 }); } catch {} try { Temporal.PlainDate.from('2020-01-01').until('+275760-09-13', { largestUnit: 'days' }); Temporal.ZonedDateTime.from('2020-01-01T00:00[Asia/Tokyo]').round({ smallestUnit: 'day' }); } catch (e) { } typeof Temporal;`,
  },
  { name: "n12", what: "split 200m", code: `'a'.repeat(2e8).split('');` },
  {
    name: "n17",
    what: "array slice huge",
    code: `const o = { length: 2 ** 32 - 1 }; for (const m of ['toSorted', 'toReversed', 'toSpliced', 'with']) { try { Array.prototype[m].call(o, 0, 0); } catch (e) { } } 1;`,
  },
  {
    name: "n18",
    what: "replaceall",
    code: `try { 'a'.repeat(1e7).replaceAll('a', 'b'.repeat(100)); } catch (e) { } try { 'a'.repeat(1e6).replace(/a/g, '$\`'); } catch (e) { } 1;`,
  },
  {
    name: "n20",
    what: "map groupby",
    code: `Object.groupBy((function* () { let i = 0; for (;;) yield i++; })(), x => 'k' + x);`,
  },
  {
    name: "n21",
    what: "typed set from",
    code: `for (const T of [Uint8Array, Float64Array, BigInt64Array]) { for (const n of [2 ** 31, 2 ** 32, 2 ** 33 - 1, 2 ** 40]) { try { new T(n); } catch (e) { } try { T.from({ length: n }); } catch (e) { } } } 1;`,
  },
  {
    name: "n23",
    what: "symbol description",
    code: `const s = 'x'.repeat(5e8); try { null[s]; } catch (e) { } try { Symbol.for(s); } catch { } try { new Error(s).stack; } catch { } try { throw new Error(s); } catch { } 1;`,
  },
  { name: "n24", what: "throw huge error", code: `throw new Error('x'.repeat(4e8));` },
  {
    name: "n27",
    what: "async stack bomb",
    code: `let p = new Promise(() => { }); let r; let q = new Promise(x => r = x); for (let i = 0; i < 1e6; i++) q = q.then(x => x); r(1); q.then(() => 5);`,
  },
  {
    name: "n29",
    what: "dataview sab wait many",
    code: `const ia = new Int32Array(new SharedArrayBuffer(4)); const a = []; for (let i = 0; i < 3e6; i++) a.push(Atomics.waitAsync(ia, 0, 0)); 1;`,
  },
  { name: "r01", what: "spread string", code: `let s = 'a'; while (s.length < 2e8) s += s; ({ ...s });` },
  {
    name: "r02",
    what: "forin string",
    code: `let s = 'a'; while (s.length < 2e8) s += s; for (const k in s) break; 1;`,
  },
  {
    name: "r06",
    what: "dict array iter",
    code: `const [a, ...b] = { length: 1e9, [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }) }) }; 1;`,
  },
  { name: "r09", what: "eval parse", code: `(0, eval)('[' + '1,'.repeat(8e6) + ']').length;` },
  {
    name: "r10",
    what: "regexp literal huge",
    code: `for (let i = 0; i < 20; i++) { try { new RegExp('(' + 'a|b'.repeat(20000) + ')' + i + '*').test('ab' + i); } catch (e) { } } 1;`,
  },
  {
    name: "r15",
    what: "class fields",
    code: `const o = {}; for (let i = 0; i < 5e6; i++) o['p' + i] = i; const c = { ...o }; JSON.stringify(c).length;`,
  },
  { name: "t06", what: "json parse huge", code: `JSON.parse('[' + '[],'.repeat(8e6) + '0]').length;` },
  {
    name: "t08",
    what: "string repeat",
    code: `let s = 'ab'.repeat(2 ** 28 - 16); s.length + s.charCodeAt(s.length >> 1);`,
  },
  {
    name: "t08b",
    what: "string flatten",
    code: `let s = 'a'; while (s.length < 2 ** 28) s += s; /b$/.test(s); s.length;`,
  },
  { name: "t10", what: "array fill", code: `new Array(1024 * 1024 * 60).fill(1).length;` },
  {
    name: "t17",
    what: "intl flood",
    code: `const a = []; for (let i = 0; ; i++) a.push(new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', dateStyle: 'full' }), new Intl.NumberFormat('de'), new Intl.Collator('sv'));`,
  },
];
