/**
 * A value as JSON that two runtimes can be compared by. Texts of errors go to `messages`: they may differ where names
 * may not.
 */
export async function show(value, messages, depth = 0) {
  if (value === undefined) return "undefined";
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number")
    return Object.is(value, -0) ? "-0" : Number.isFinite(value) ? value : `${value}`;
  if (typeof value === "string") return `"${value}"`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return value.toString();
  if (typeof value === "function") return `function ${value.name}/${value.length}`;
  if (depth > 5) return "deep";
  if (value instanceof Error || (typeof DOMException === "function" && value instanceof DOMException)) {
    messages.push(value.message);
    return { error: value.name, class: value.constructor.name };
  }
  const all = async (list) => {
    const shown = [];
    for (const one of list) shown.push(await show(one, messages, depth + 1));
    return shown;
  };
  if (Array.isArray(value)) return await all(value);
  if (value instanceof Response) {
    const { status, statusText, type, redirected } = value;
    const head = {
      status,
      statusText,
      type,
      redirected,
      headers: [...value.headers].map((pair) => pair.join(": ")),
    };
    return value.body === null
      ? { ...head, body: null }
      : value.bodyUsed
        ? head
        : { ...head, body: await value.text() };
  }
  if (value instanceof Request) {
    const { method, url, redirect } = value;
    const head = { method, url, redirect, headers: [...value.headers].map((pair) => pair.join(": ")) };
    return value.body === null
      ? { ...head, body: null }
      : value.bodyUsed
        ? head
        : { ...head, body: await value.text() };
  }
  if (value instanceof Headers || value instanceof URLSearchParams)
    return [...value].map((pair) => pair.join(": "));
  if (value instanceof FormData) return await all([...value]);
  if (value instanceof URL) return `URL ${value.href}`;
  if (typeof File === "function" && value instanceof File)
    return `File ${value.name} ${value.type} ${value.size}`;
  if (value instanceof Blob) return `Blob ${value.type} ${value.size}`;
  if (value instanceof ArrayBuffer) return `ArrayBuffer ${[...new Uint8Array(value)].join(" ")}`;
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name} ${[...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)].join(" ")}`;
  if (value instanceof Date) return `Date ${value.getTime()}`;
  if (value instanceof RegExp) return String(value);
  if (value instanceof Map) return { map: await all([...value]) };
  if (value instanceof Set) return { set: await all([...value]) };
  const proto = Object.getPrototypeOf(value);
  if (proto !== null && proto !== Object.prototype) {
    const name = value.constructor?.name ?? "?";
    const own = Object.keys(value);
    return own.length === 0 ? `a ${name}` : { [`a ${name}`]: await all(own.map((key) => [key, value[key]])) };
  }
  const shown = {};
  for (const key of Object.keys(value).sort()) shown[key] = await show(value[key], messages, depth + 1);
  return shown;
}
