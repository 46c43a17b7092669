export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const name = searchParams.get("name") ?? "world";
    if (pathname === "/json") return Response.json({ greeting: env.GREETING, name });
    console.log("greeting", name);
    return new Response(`${env.GREETING}, ${name}!\n`);
  },
};
