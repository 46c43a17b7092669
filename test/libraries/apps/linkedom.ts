import { parseHTML } from "linkedom";

export default {
  async fetch(request: Request): Promise<Response> {
    const { document } = parseHTML(await request.text());
    const item = document.createElement("li");
    item.textContent = "three";
    document.querySelector("ul")?.append(item);
    return new Response(document.querySelector("ul")?.outerHTML, {
      headers: { "content-type": "text/html" },
    });
  },
};
