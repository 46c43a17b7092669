/**
 * A stand-in for Skerry's runtime that is hostile itself: a classic script that implements `Boot`. The
 * version's script gives functions instead of modules, `(out, slice) => void`, one per event.
 */
export const FAKE_IMAGE = `(() => (ask, marks) => {
  let out = [];
  let modules = [];
  let waiting = [];
  return {
    load(given) { modules = given; out.push(15, 0, '["fetch"]'); },
    deliver(slice, more = []) {
      if (slice === undefined) slice = waiting.shift();
      else waiting = more;
      marks[0] = slice[0];
      marks[2]++;
      globalThis.ask = ask;
      modules[0](out, slice, (next) => { out = next; });
      if (Array.isArray(out)) out.push(17, slice[0], 1);
    },
    collect() { marks[0] = -1; const all = out; out = []; return all; },
  };
})()`;
