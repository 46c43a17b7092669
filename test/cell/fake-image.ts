/**
 * A stand-in for Skerry's runtime that is hostile itself: a classic script that implements `Boot`. The
 * version's script gives functions instead of modules, `(out, slice) => void`, one per event.
 */
export const FAKE_IMAGE = `(() => (ask, marks) => {
  let out = [];
  let modules = [];
  let waiting = [];
  let given = false;
  const letGo = () => { if (given) { given = false; out = []; } };
  const run = (slice) => {
    marks[0] = slice[0];
    marks[2]++;
    globalThis.ask = ask;
    modules[0](out, slice, (next) => { out = next; });
  };
  return {
    load(given) { modules = given; out.push(15, 0, '["fetch"]'); },
    deliver(slice, more = []) {
      letGo();
      if (slice === undefined) slice = waiting.shift();
      else waiting = more;
      run(slice);
      if (Array.isArray(out)) out.push(17, slice[0], 1);
    },
    turn(slice) { letGo(); given = true; run(slice); return out; },
    collect(arrived) { given = false; marks[0] = -1; const all = out; out = []; return arrived > 0 ? all.slice(arrived) : all; },
  };
})()`;
