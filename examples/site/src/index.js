export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/time") return Response.json({ now: new Date().toISOString() });
    // The worker can ask for its files as well.
    if (pathname === "/api/title") {
      const page = await env.ASSETS.fetch(new URL("/", request.url));
      const title = /<title>(.*)<\/title>/.exec(await page.text())?.[1];
      return Response.json({ title });
    }
    return Response.json({ error: "no such path" }, { status: 404 });
  },
};
