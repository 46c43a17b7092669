test("handlers change elements, text and comments, asynchronously too", async () => {
  const page = "<html><body><p class=x>old</p><!-- c --><a href='/a'>link</a></body></html>";
  const rewriter = new HTMLRewriter()
    .on("p.x", { element: (element) => void element.setInnerContent("<new>").setAttribute("id", "1") })
    .on("a", {
      async element(element) {
        await scheduler.wait(1);
        element.setAttribute("href", `https://x${element.getAttribute("href")}`);
      },
    })
    .onDocument({
      comments: (comment) => void comment.remove(),
      end: (end) => void end.append("<!--end-->", { html: true }),
    });
  const response = rewriter.transform(new Response(page, { headers: { "content-type": "text/html" } }));
  equal(
    await response.text(),
    '<html><body><p class=x id="1">&lt;new&gt;</p><a href="https://x/a">link</a></body></html><!--end-->',
  );
});
test("an error of a handler fails the body", async () => {
  const response = new HTMLRewriter()
    .on("b", {
      element() {
        throw new RangeError("no");
      },
    })
    .transform(new Response("<b>"));
  await rejects("RangeError", response.text());
  throws("TypeError", () => new HTMLRewriter().on("", 5));
});
