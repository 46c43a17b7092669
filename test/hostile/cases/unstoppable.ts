import type { Ending, HostileCase } from "../hostile-case.ts";

const ANY_STOP: readonly Ending[] = ["KILL", "TERM-CPU", "TERM-MEM", "THROW"];

/**
 * What no call may be able to stop. A prelude in the isolate turns some of it into prompt errors; what is left costs
 * the cell. In process nothing but the end of the process would stop it, so it runs in process cells only.
 */
const CASES: readonly HostileCase[] = [
  {
    number: 35,
    name: "a replacement in a string of 2**28",
    ends: ANY_STOP,
    body: "return new Response(String('a'.repeat(2 ** 28).replace(/a/g, 'bbbb').length));",
  },
  { number: 36, name: "squares of a BigInt", ends: ANY_STOP, body: "let x = 3n; for (;;) x = x ** 2n;" },
  {
    number: 36,
    name: "the decimal digits of a huge BigInt",
    ends: ANY_STOP,
    body: "let x = 3n; for (let i = 0; i < 24; i++) x *= x; return new Response(String(x).slice(0, 3));",
  },
  {
    number: 45,
    name: "a thrown Proxy whose traps spin",
    ends: ["KILL", "TERM-CPU", "EXCEPTION"],
    body: "throw new Proxy(new Error('x'), { get() { for (;;); }, getPrototypeOf() { for (;;); } });",
  },
  {
    number: 45,
    name: "a rejection of a Proxy that nobody waits for",
    ends: ["KILL", "TERM-CPU"],
    body: "Promise.reject(new Proxy({}, { get() { for (;;); } })); await new Promise((done) => setTimeout(done, 20)); return new Response('sent');",
  },
  {
    number: 45,
    name: "an error of a class whose name spins",
    ends: ["KILL", "TERM-CPU"],
    body: "class E extends Error { get name() { for (;;); } } (async () => { await 0; throw new E('x'); })(); await new Promise((done) => setTimeout(done, 20)); return new Response('sent');",
  },
  {
    number: 60,
    name: "arrays of arrays",
    ends: ["KILL", "TERM-MEM", "TERM-CPU"],
    body: "const all = []; for (;;) all.push(new Array(1_000).fill(1));",
    limits: { cpuMs: 2_000, wallMs: 60_000 },
  },
  {
    number: 60,
    name: "an array of 2**28 that is filled",
    ends: ANY_STOP,
    body: "return new Response(String(Array(2 ** 28).fill(0).length));",
    limits: { cpuMs: 2_000, wallMs: 60_000 },
  },
  {
    number: 60,
    name: "a split into two hundred million",
    ends: ANY_STOP,
    body: "return new Response(String('a'.repeat(2e8).split('').length));",
  },
  {
    number: 60,
    name: "all keys of a huge string",
    ends: ANY_STOP,
    body: "return new Response(String(Reflect.ownKeys(new String('a'.repeat(2e8))).length));",
  },
  {
    number: 60,
    name: "an array-like of 2**53",
    ends: ANY_STOP,
    body: "return new Response(String(Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)));",
  },
  {
    number: 60,
    name: "fills of a large typed array in a loop",
    ends: ANY_STOP,
    body: "const u = new Uint8Array(4e7); for (;;) u.fill(1);",
  },
  {
    number: 60,
    name: "an object spread of a huge string",
    ends: ANY_STOP,
    body: "return new Response(String(Object.keys({ ...'a'.repeat(1.4e8) }).length));",
    limits: { cpuMs: 1_500, wallMs: 60_000 },
    rare: true,
  },
  {
    number: 58,
    name: "twenty thousand formatters of Intl",
    ends: [...ANY_STOP],
    body: "const all = []; for (let i = 0; i < 20_000; i++) all.push(new Intl.DateTimeFormat('de', { dateStyle: 'full', timeZone: 'Europe/Berlin' })); return new Response('ok');",
    limits: { cpuMs: 2_000, wallMs: 60_000 },
    peakMb: 256,
  },
  {
    number: 59,
    name: "case, form and date of strings of 128 MB",
    ends: ANY_STOP,
    body: "const s = 'ä'.repeat(2 ** 27); s.toLocaleUpperCase(); s.normalize('NFD'); Date.parse(s); return new Response('all of it');",
    limits: { cpuMs: 2_000, wallMs: 60_000 },
  },
  {
    number: 39,
    name: "one JSON.parse of 24 MB",
    ends: [...ANY_STOP, "OK"],
    body: "JSON.parse('[' + '1,'.repeat(12e6) + '1]'); return new Response('ok');",
  },
  {
    number: 39,
    name: "JSON.stringify of nested copies",
    ends: ANY_STOP,
    body: "let s = 'x'.repeat(1e6); for (let i = 0; i < 20; i++) s = JSON.stringify({ a: s, b: s, c: s }); return new Response('all of it');",
    limits: { cpuMs: 2_000, wallMs: 60_000 },
  },
];

export const UNSTOPPABLE: readonly HostileCase[] = CASES.map((one) => ({ ...one, processOnly: true }));
