import * as workers from "cloudflare:workers";

/** Names that an object answers to, without those of every object or function. */
function namesOf(object) {
  const found = new Set();
  for (
    let at = object;
    at !== null && at !== Object.prototype && at !== Function.prototype;
    at = Object.getPrototypeOf(at)
  )
    for (const key of Reflect.ownKeys(at))
      if (typeof key === "string" && key !== "constructor") found.add(key);
  return [...found];
}

function membersOf(value) {
  if (typeof value === "function" && value.prototype) {
    const statics = namesOf(value).filter((key) => !["length", "name", "prototype"].includes(key));
    return [...namesOf(value.prototype), ...statics.map((key) => `static ${key}`)].sort();
  }
  return typeof value === "object" && value !== null && value !== globalThis ? namesOf(value).sort() : [];
}

/** Answers with the members of every global, of the module, and of a handler's context. */
export default {
  fetch(request, env, ctx) {
    const surface = { "cloudflare:workers": Object.keys(workers).sort(), ctx: namesOf(ctx).sort() };
    for (const name of namesOf(globalThis)) {
      let value;
      try {
        value = globalThis[name];
      } catch {
        continue;
      }
      if (value !== undefined) surface[name] = membersOf(value);
    }
    return new Response(JSON.stringify(surface));
  },
};
