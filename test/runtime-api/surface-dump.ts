/**
 * Code that describes the global object of a worker, one line of text for each name that V8 does not bring:
 *
 * - an interface: `(constructor length) tag < parent; static members; members`
 * - a function: `function/length`; anything else: `typeof [tag] own members`
 * - a member: `name` a getter, `name=` with a setter, `name/2` a method and its length, `NAME:1` a constant
 * - in front, what differs from Web IDL: `!e` enumerable the other way, `!w` not writable, `!c` not configurable
 *
 * It gives a JSON object, names as keys. `known` are V8's own names, which are left out.
 */
export const DUMP = (known: readonly string[]): string => `(() => {
  const skip = new Set(${JSON.stringify(known)});
  const marks = (d, enumerable, writable = true) =>
    (d.enumerable === enumerable ? "" : "!e") + ("value" in d && d.writable !== writable ? "!w" : "") + (d.configurable ? "" : "!c");
  const member = (key, d) => {
    const name = typeof key === "symbol" ? "@@" + key.description.replace("Symbol.", "") : key;
    if (!("value" in d)) return marks(d, true) + name + (d.set === undefined ? "" : "=");
    if (typeof d.value === "function") return marks(d, typeof key !== "symbol") + name + "/" + d.value.length;
    if (key === Symbol.toStringTag) return marks(d, false, false).replace(/^$/, "");
    return (d.writable || d.configurable || !d.enumerable ? marks(d, true) : "") + name + ":" + (typeof d.value === "object" ? "object" : String(d.value));
  };
  const members = (object, without) =>
    Reflect.ownKeys(object).filter((key) => !without.includes(key)).map((key) => member(key, Object.getOwnPropertyDescriptor(object, key))).filter((text) => text !== "");
  const found = {};
  for (const name of Reflect.ownKeys(globalThis)) {
    if (typeof name !== "string" || skip.has(name)) continue;
    const d = Object.getOwnPropertyDescriptor(globalThis, name);
    const { value } = d;
    const isInterface = typeof value === "function" && /^[A-Z]/.test(name);
    const head = "value" in d ? marks(d, !isInterface) : "accessor " + marks(d, true);
    if (isInterface) {
      const parent = Object.getPrototypeOf(value);
      const { prototype } = value;
      const tag = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)?.value;
      const above = parent === Function.prototype ? "" : " < " + parent.name;
      const own = prototype.constructor === value ? "" : " odd constructor";
      const statics = members(value, ["length", "name", "prototype"]);
      found[name] = head + "(" + value.length + ")" + (tag === name ? "" : " tag " + tag) + (value.name === name ? "" : " named " + value.name) + above + own +
        (statics.length > 0 ? "; static " + statics.join(" ") : "") + "; " + members(prototype, ["constructor"]).join(" ");
    } else if (typeof value === "function") found[name] = head + "function/" + value.length;
    else if (typeof value === "object" && value !== globalThis)
      found[name] = head + Object.prototype.toString.call(value) + " " + members(value, []).join(" ");
    else found[name] = head + (value === globalThis ? "the global object" : typeof value);
  }
  return JSON.stringify(found);
})()`;
