import { load } from "cheerio";

export default {
  async fetch(request: Request): Promise<Response> {
    const $ = load(await request.text());
    $("a[href^='http:']").attr("rel", "nofollow").addClass("out");
    const links = $("a")
      .map((_, link) => $(link).text())
      .get();
    return Response.json({ links, title: $("title").text(), html: $("p").html() });
  },
};
