import page from "./page.html";

const MAX_CHARS = 500;

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/" && request.method === "GET") return await showEntries(env);
    if (pathname === "/" && request.method === "POST") return await addEntry(request, env);
    if (pathname === "/entries.json") return Response.json(await readEntries(env));
    return new Response("Not found\n", { status: 404 });
  },
};

async function addEntry(request, env) {
  const form = await request.formData();
  const name = String(form.get("name") ?? "").trim();
  const text = String(form.get("text") ?? "").trim();
  if (name === "" || text === "" || name.length + text.length > MAX_CHARS) {
    return new Response(`An entry has a name and a text, ${MAX_CHARS} characters in all\n`, { status: 400 });
  }
  const now = Date.now();
  // Keys are listed in order, so the newest entry must have the smallest.
  const key = `entry:${String(Number.MAX_SAFE_INTEGER - now).padStart(16, "0")}:${crypto.randomUUID()}`;
  await env.ENTRIES.put(key, text, { metadata: { name, at: new Date(now).toISOString() } });
  return Response.redirect(new URL("/", request.url).href, 303);
}

async function readEntries(env) {
  const { keys } = await env.ENTRIES.list({ prefix: "entry:", limit: 20 });
  const texts = keys.length === 0 ? new Map() : await env.ENTRIES.get(keys.map((key) => key.name));
  return keys.map(({ name: key, metadata }) => ({ ...metadata, text: texts.get(key) }));
}

async function showEntries(env) {
  const entries = await readEntries(env);
  const items = entries.map(
    ({ name, at, text }) => `<li><b>${escape(name)}</b> <time>${at}</time><p>${escape(text ?? "")}</p>`,
  );
  const html = page.replace("<!-- entries -->", () => items.join("\n"));
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
}

function escape(text) {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
