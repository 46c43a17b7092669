const rewrite = async (html, add, init) => {
  const r = new HTMLRewriter();
  add(r);
  return await r.transform(new Response(html, init)).text();
};
/** Changes each `p` of a page. */
const edit = (html, element) => rewrite(html, (r) => r.on("p", { element }));
const page = `<!DOCTYPE html><html><head><title>T &amp; t</title></head><body class="a b"><!-- note --><p id=x>one <b>two</b></p><img src=a><a href="/l?a=1&amp;b=2">link</a><br/></body></html>`;
export default {
  async elements(see) {
    await see(
      "attributes",
      rewrite(page, (r) =>
        r.on("a", {
          element(e) {
            e.setAttribute("href", e.getAttribute("href") + '&c="q"');
            e.setAttribute("new", "");
            e.removeAttribute("none");
          },
        }),
      ),
    );
    await see("read", async () => {
      const seen = [];
      await rewrite(page, (r) =>
        r.on("*", {
          element(e) {
            seen.push([
              e.tagName,
              [...e.attributes],
              e.hasAttribute("id"),
              e.getAttribute("none"),
              e.removed,
              e.namespaceURI,
            ]);
          },
        }),
      );
      return seen;
    });
    await see(
      "around",
      edit("<p>x</p>", (e) => {
        e.before("<i>");
        e.after("<u>", { html: true });
        e.prepend("pre");
        e.append("<s>", { html: true });
      }),
    );
    await see(
      "replace",
      edit("<p>x</p>", (e) => {
        e.replace("<b>", { html: true });
      }),
    );
    await see(
      "setInnerContent",
      edit("<p>x<b>y</b></p>", (e) => {
        e.setInnerContent("<z>");
      }),
    );
    await see(
      "remove",
      edit("<p>x</p>y", (e) => {
        e.remove();
      }),
    );
    await see(
      "removeAndKeepContent",
      edit("<p>x</p>y", (e) => {
        e.removeAndKeepContent();
      }),
    );
    await see(
      "tagName",
      edit("<p>x</p>", (e) => {
        e.tagName = "div";
      }),
    );
    await see(
      "onEndTag",
      edit("<p>x</p>", (e) => {
        e.onEndTag((t) => {
          t.before("!");
          t.after("?");
          t.name = "q";
        });
      }),
    );
    await see(
      "chained",
      edit("<p>x</p>", (e) => {
        e.before("1").after("2").setAttribute("a", "b");
      }),
    );
    await see("void end tag", () =>
      rewrite("<img>", (r) =>
        r.on("img", {
          element(e) {
            e.onEndTag(() => {});
          },
        }),
      ),
    );
  },
  async "text and comments"(see) {
    await see("text", async () => {
      const seen = [];
      await rewrite("<p>a&amp;b<b>c</b></p>", (r) =>
        r.on("p", {
          text(t) {
            seen.push([t.text, t.lastInTextNode, t.removed]);
          },
        }),
      );
      return seen.filter(([text, last]) => text !== "" || last);
    });
    await see(
      "replace",
      rewrite("<p>abc</p>", (r) =>
        r.on("p", {
          text(t) {
            if (t.text) t.replace(t.text.toUpperCase());
          },
        }),
      ),
    );
    await see(
      "comments",
      rewrite(page, (r) =>
        r.on("body", {
          comments(c) {
            c.text = ` ${c.text.trim()}! `;
            c.before("<hr>", { html: true });
          },
        }),
      ),
    );
    await see("bad comment", () =>
      rewrite("<!--x-->", (r) =>
        r.onDocument({
          comments(c) {
            c.text = "-->";
          },
        }),
      ),
    );
    await see(
      "remove text",
      rewrite("<p>a<b>c</b></p>", (r) =>
        r.on("b", {
          text(t) {
            t.remove();
          },
        }),
      ),
    );
  },
  async "the document"(see) {
    await see("doctype", async () => {
      const seen = [];
      await rewrite(page, (r) =>
        r.onDocument({
          doctype(d) {
            seen.push([d.name, d.publicId, d.systemId]);
          },
        }),
      );
      return seen;
    });
    await see(
      "end",
      rewrite("<p>", (r) =>
        r.onDocument({
          end(e) {
            e.append("<!--end-->", { html: true });
          },
        }),
      ),
    );
    await see("text", async () => {
      let all = "";
      await rewrite("a<p>b</p>c", (r) =>
        r.onDocument({
          text(t) {
            all += t.text;
          },
        }),
      );
      return all;
    });
  },
  async selectors(see) {
    for (const selector of [
      "p",
      "#x",
      ".a",
      "body > p",
      "p b",
      "[src]",
      "a[href^='/l']",
      "*",
      "p:first-child",
      "p:nth-child(1)",
      "b:not(.z)",
      "p, a",
      "p + a",
      "::before",
      "",
      "p:hover",
      "[",
      "a[href='x' i]",
    ])
      await see(selector, async () => {
        let n = 0;
        await rewrite(page, (r) =>
          r.on(selector, {
            element() {
              n++;
            },
          }),
        );
        return n;
      });
  },
  async "handlers that wait or throw"(see) {
    await see(
      "async",
      edit("<p>x</p>", async (e) => {
        await scheduler.wait(2);
        e.setAttribute("w", "1");
      }),
    );
    await see("throws", () =>
      edit("<p>x</p>", () => {
        throw new RangeError("mine");
      }),
    );
    await see("rejects", () =>
      edit("<p>x</p>", async () => {
        throw new RangeError("mine");
      }),
    );
    await see("used later", async () => {
      let kept;
      await edit("<p>x</p>", (e) => {
        kept = e;
      });
      return kept.tagName;
    });
    await see(
      "class",
      rewrite("<p>x</p>", (r) =>
        r.on(
          "p",
          new (class {
            #n = "v";
            element(e) {
              e.setAttribute("n", this.#n);
            }
          })(),
        ),
      ),
    );
  },
  async "what is transformed"(see) {
    const r = new HTMLRewriter().transform(
      new Response("<p>", {
        status: 201,
        headers: { "x-a": "1", "content-length": "3", "content-type": "text/html" },
      }),
    );
    see("head", [r.status, [...r.headers]]);
    see("null body", new HTMLRewriter().transform(new Response(null)).body);
    see("no response", () => new HTMLRewriter().transform("<p>"));
    see("used", async () => {
      const used = new Response("x");
      await used.text();
      return new HTMLRewriter().transform(used);
    });
    see("chain", () => {
      const w = new HTMLRewriter();
      return [w.on("p", {}) === w, w.onDocument({}) === w];
    });
    see("bad handlers", () => new HTMLRewriter().on("p", null));
    see("entities", await rewrite("&lt;p&gt;", (w) => w.on("p", {})));
    see(
      "broken",
      await edit("<p><b>x</p", (e) => {
        e.append("!");
      }),
    );
    see(
      "utf8",
      await rewrite("<p>é💥</p>", (w) =>
        w.on("p", {
          text(t) {
            if (t.lastInTextNode) t.after("ü");
          },
        }),
      ),
    );
  },
  "a page on the wire": () =>
    new HTMLRewriter()
      .on("p", {
        element(e) {
          e.setAttribute("data-x", "1");
        },
      })
      .transform(new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } })),
  "a rewritten origin": async (see, request, env) =>
    new HTMLRewriter().on("p", {}).transform(await fetch(`${env.ORIGIN}/plain`)),
  "a handler that throws on the wire": () =>
    new HTMLRewriter()
      .on("p", {
        element() {
          throw new TypeError("in handler");
        },
      })
      .transform(new Response(page)),
};
