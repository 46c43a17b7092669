import type { Attack } from "./attack.ts";

/** Code that takes CPU until something stops it; names are those of the list of hostile scripts. */
export const CPU_ATTACKS: readonly Attack[] = [
  {
    name: "n02",
    what: "stack regexp",
    code: `function f(g) { let r; try { r = f(g); } catch (e) { r = 0; } if (r < 600) { try { g(); } catch {} } return r + 1; } let n = 0; f(() => { new RegExp('((a|b)*c+' + n++ + '){1,3}(?<x>[a-z\\\\p{L}]+)', 'iu').exec('aabbcc' + n); });`,
  },
  {
    name: "n03",
    what: "stack json",
    code: `let o = {}; for (let i = 0; i < 2000; i++) o = { o, a: [1, { b: 2 }] }; function f(g) { let r; try { r = f(g); } catch (e) { r = 0; } if (r < 600) { try { g(); } catch {} } return r + 1; } f(() => { JSON.parse(JSON.stringify(o)); });`,
  },
  {
    name: "n05",
    what: "stack bigint",
    code: `const b = (1n << 200000n) - 1n; function f(g) { let r; try { r = f(g); } catch (e) { r = 0; } if (r < 600) { try { g(); } catch {} } return r + 1; } f(() => { b * b; b.toString(); (b * b) / b; });`,
  },
  {
    name: "n06",
    what: "stack eval",
    code: `let n = 0; const src = 'function(){' + 'if(1){'.repeat(50) + 'return [1,2,3].map(x=>({...[x],y:\`\${x}\`}))' + '}'.repeat(50) + '}'; function f(g) { let r; try { r = f(g); } catch (e) { r = 0; } if (r < 600) { try { g(); } catch {} } return r + 1; } f(() => { (0, eval)('(' + src + ')/*' + n++ + '*/')(); });`,
  },
  {
    name: "n08",
    what: "stack wasm",
    code: `const b = new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,4,1,2,0,11]); function f(g) { let r; try { r = f(g); } catch (e) { r = 0; } if (r < 600) { try { g(); } catch {} } return r + 1; } f(() => { new WebAssembly.Instance(new WebAssembly.Module(b)).exports.f(); });`,
  },
  {
    name: "n09",
    what: "stack temporal",
    code: `function f(g) { let r; try { r = f(g); } catch (e) { r = 0; } if (r < 600) { try { g(); } catch {} } return r + 1; } f(() => { Temporal.ZonedDateTime.from('2020-01-01T00:00[America/New_York]').add({ months: 7 }).toLocaleString(); Temporal.PlainDate.from('2020-01-01[u-ca=islamic-civil]').until('2024-01-01', { largestUnit: 'years' }); });`,
  },
  { name: "n14", what: "reflect ownkeys", code: `Reflect.ownKeys(new String('a'.repeat(2e8))).length;` },
  { name: "n15", what: "object entries", code: `Object.values('a'.repeat(2e8)).length;` },
  {
    name: "n26",
    what: "arrow stack error limit",
    code: `Error.stackTraceLimit = Infinity; Error.prepareStackTrace = (e, s) => { return new Error('y').stack; }; function f(n) { if (!n) return new Error('x').stack; return f(n - 1); } try { f(5000); } catch (e) { } 1;`,
  },
  {
    name: "n30",
    what: "toplevel import",
    code: `import('x').then(() => 'loaded', e => 'rejected ' + e.message);`,
  },
  {
    name: "r03b",
    what: "bigint div",
    code: `let a = 1n << 1000000000n, b = (1n << 400000000n) + 12345n; a % b; 1;`,
  },
  {
    name: "r04",
    what: "reject proxy floating",
    code: `Promise.reject(new Proxy({}, { get() { while (true) {} } })); 1;`,
  },
  {
    name: "r07",
    what: "async reject proxy",
    code: `(async () => { await 0; throw new Proxy({}, { get() { for (;;); } }); })(); 1;`,
  },
  {
    name: "r12",
    what: "sort getter",
    code: `const a = new Float64Array(11e6); for (let i = 0; i < a.length; i++) a[i] = (i * 16807) % 2147483647; for (let i = 0; i < 20; i++) { a.sort(); a.reverse(); } 1;`,
  },
  {
    name: "r13",
    what: "typed ops",
    code: `const a = new Uint8Array(1e8); for (; ;) { a.fill(1); a.indexOf(7); a.copyWithin(1, 0); }`,
  },
  { name: "t01", what: "while true", code: `while (true) {}` },
  { name: "t03", what: "microtask recursion", code: `function f() { Promise.resolve().then(f); } f();` },
  { name: "t03b", what: "await loop", code: `(async () => { for (;;) await 0; })();` },
  {
    name: "t04",
    what: "wasm loop",
    code: `const b = new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]); new WebAssembly.Instance(new WebAssembly.Module(b)).exports.f();`,
  },
  {
    name: "t05",
    what: "atomics wait",
    code: `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`,
  },
  {
    name: "t07",
    what: "sort huge",
    code: `const a = Array.from({ length: 5e6 }, (_, i) => (i * 2654435761) % 1e9); a.sort((x, y) => x - y).length;`,
  },
  { name: "t09b", what: "bigint mul loop", code: `let x = 3n; for (let i = 0; i < 40; i++) x = x * x; 1;` },
  { name: "t09c", what: "bigint tostring", code: `(1n << 200000000n).toString().length;` },
  { name: "t10b", what: "typed fill loop", code: `const a = new Uint8Array(100e6); while (true) a.fill(1);` },
  { name: "t10d", what: "array join huge", code: `new Array(2 ** 32 - 1).join('');` },
  { name: "t12", what: "throw getter message", code: `throw { get message() { while (true) {} } };` },
  {
    name: "t12c",
    what: "prepareStackTrace",
    code: `Error.prepareStackTrace = () => { while (true) {} }; throw new Error('x');`,
  },
  {
    name: "t12d",
    what: "throw tostring",
    code: `const e = new Error('x'); e.message = { toString() { while (true) {} } }; throw e;`,
  },
  {
    name: "t12f",
    what: "throw name getter",
    code: `class E extends Error { get name() { while (true) {} } } throw new E('x');`,
  },
  { name: "t12g", what: "reject getter", code: `Promise.reject({ get message() { while (true) {} } });` },
  {
    name: "t13",
    what: "species constructor",
    code: `const p = new Promise(() => {}); Object.defineProperty(p, 'constructor', { get() { while (true) {} } }); p;`,
  },
  { name: "t13b", what: "thenable", code: `({ then(r) { while (true) {} } });` },
  {
    name: "t15",
    what: "try finally",
    code: `function f() { try { while (true) {} } finally { f(); } } for (;;) { try { f(); } catch {} }`,
  },
  {
    name: "t16b",
    what: "eval many functions",
    code: `for (let i = 0; ; i++) (0, eval)('(function f' + i + '(a){return a+' + i + '})(1)');`,
  },
  {
    name: "t16c",
    what: "regexp flood",
    code: `for (let i = 0; ; i++) { const r = new RegExp('(a|b|c|' + i + '){1,50}[x-z]{2,20}' + i); r.test('aaaa' + i); r.test('aaaa' + i); }`,
  },
  {
    name: "t14",
    what: "continuation spin",
    code: `await new Promise((r) => setTimeout(r, 5)); while (true) {}`,
  },
  {
    name: "t14b",
    what: "continuation microtasks",
    code: `await new Promise((r) => setTimeout(r, 5)); for (;;) await 0;`,
  },
];
