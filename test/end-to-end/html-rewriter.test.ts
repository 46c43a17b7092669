import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, type Fixture, makeHost } from "./fixture.ts";

const PAGE = `<!DOCTYPE html><html><head><title>A &amp; B</title></head><body>
<!-- note --><h1 class="top" id=one>Héllo <em>wörld</em> \u{1f600}</h1><p>one<br>two</p><img src=a.png>
<svg><g>drawn</g></svg><script>if (a < b) "<p>no</p>"</script></body></html>`;

const WORKER = `
const PAGE = ${JSON.stringify(PAGE)};
const page = (body = PAGE, headers = {}) => new Response(body, { status: 203, headers: { "content-type": "text/html", ...headers } });
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const outcome = async (run) => { try { return await run(); } catch (error) { return error.name + ": " + error.message; } };
/** The page in pieces of some bytes. */
function pieces(text, size) {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({ pull(controller) {
    if (at >= bytes.length) return controller.close();
    controller.enqueue(bytes.slice(at, at += size));
  } });
}
function marked(wait) {
  return new HTMLRewriter()
    .on("h1", { async element(element) {
      await wait?.();
      element.setAttribute("data-x", '"quoted"').removeAttribute("class");
      element.before("<b>", { html: true }).after("<i>").prepend("[").append("]");
      element.onEndTag(async (end) => { await wait?.(); end.before("!"); end.name = "h2"; });
    } })
    .on("h1 em", { element(element) { element.removeAndKeepContent(); } })
    .on("p", { text(text) { if (text.lastInTextNode) text.after("."); } })
    .on("img", { element(element) { element.replace("<hr>", { html: true }); } })
    .on("svg > g", { element(element) { element.setInnerContent(element.namespaceURI); } })
    .onDocument({
      comments(comment) { comment.text = comment.text.toUpperCase(); },
      end(end) { end.append("<!-- end -->", { html: true }); },
    });
}
let kept;
const tests = {
  async face() {
    const seen = [];
    const handlers = {
      name: "handlers",
      element(element) {
        seen.push([this.name, String(element), element.tagName, [...element.attributes], element.getAttribute("CLASS"),
          element.getAttribute("none"), element.hasAttribute("id"), element.removed, element.remove() === element, element.removed]);
        kept = element;
      },
    };
    const text = [];
    const response = new HTMLRewriter().on("h1", handlers)
      .on("em", { text(piece) { text.push([piece.text, piece.lastInTextNode, piece.removed, String(piece)]); } })
      .onDocument({ doctype(doctype) { seen.push([doctype.name, doctype.publicId, doctype.systemId, String(doctype)]); } })
      .transform(page(PAGE, { "content-length": "7", "x-a": "1" }));
    const body = await response.text();
    return { status: response.status, headers: [...response.headers], seen, text, hasH1: body.includes("h1"),
      after: await outcome(() => kept.tagName), made: await outcome(() => new kept.constructor()), class: [HTMLRewriter.name, HTMLRewriter.length, String(new HTMLRewriter())],
      none: new HTMLRewriter().transform(new Response(null)).body };
  },
  whole: async () => ({ text: await marked().transform(page()).text() }),
  async split() {
    const whole = await marked().transform(page()).text();
    const sizes = [];
    for (let size = 1; size < 60; size++)
      if (await marked().transform(page(pieces(PAGE, size))).text() !== whole) sizes.push(size);
    return sizes;
  },
  async many() {
    const whole = await marked().transform(page()).text();
    const all = await Promise.all(Array.from({ length: 40 }, (_, i) =>
      marked(() => sleep(1 + i % 7)).transform(page(pieces(PAGE, 10 + i))).text()));
    return all.filter((text) => text === whole).length;
  },
  async errors() {
    const rewriter = new HTMLRewriter();
    const used = page();
    await used.text();
    const read = (handlers) => outcome(() => new HTMLRewriter().on("h1", handlers).transform(page()).text());
    return [
      await outcome(() => rewriter.on("h1[", {})),
      await outcome(() => rewriter.on("", {})),
      await outcome(() => rewriter.on("h1", { element: 5 })),
      await outcome(() => rewriter.on("h1")),
      await outcome(() => rewriter.onDocument(null)),
      await outcome(() => rewriter.transform("<p>")),
      await outcome(() => rewriter.transform(used)),
      await outcome(() => rewriter.transform(page(PAGE, { "content-type": "text/html; charset=unheard-of" }))),
      await read({ element() { throw new RangeError("mine"); } }),
      await read({ async element() { await sleep(1); throw new RangeError("mine, later"); } }),
      await read({ element(element) { element.onEndTag(() => { throw new RangeError("at the end"); }); } }),
      await read({ element(element) { element.tagName = "a b"; } }),
      await read({ element(element) { element.setAttribute("a b", "c"); } }),
      await read({ element(element) { element.append(new Response("x")); } }),
      await read({ element(element) { element.onEndTag("x"); } }),
      await outcome(() => new HTMLRewriter().on("br", { element(element) { element.onEndTag(() => {}); } }).transform(page()).text()),
      await outcome(() => new HTMLRewriter().transform(page(new ReadableStream({ pull(c) { c.error(new Error("source")); } }))).text()),
      await outcome(() => new HTMLRewriter().transform(page(new ReadableStream({ pull(c) { c.enqueue("text"); } }))).text()),
    ];
  },
  async encodings() {
    const bytes = Uint8Array.from("<p>caf\\u00e9</p>", (c) => c.charCodeAt(0));
    const response = new HTMLRewriter().on("p", { text(text) { if (text.lastInTextNode) text.after(" \\u20ac"); } })
      .transform(page(bytes, { "content-type": "text/html; charset=ISO-8859-1" }));
    return [response.headers.get("content-type"), await response.text()];
  },
  async large() {
    const row = "<tr><td class=cell>" + "x".repeat(100) + "</td></tr>";
    let pulled = 0;
    const response = new HTMLRewriter().on("td", { element(element) { element.setAttribute("n", "1"); } })
      .transform(page(new ReadableStream({ pull(c) {
        if (++pulled > 100) return c.close();
        c.enqueue(new TextEncoder().encode(row.repeat(500)));
      } }, { highWaterMark: 0 })));
    const reader = response.body.getReader();
    const first = (await reader.read()).value.length;
    const early = pulled;
    let size = first;
    for (;;) { const { done, value } = await reader.read(); if (done) break; size += value.length; }
    return [early <= 2, size === 100 * 500 * (row.length + 6)];
  },
  async memory() {
    const megabyte = "x".repeat(2 ** 20);
    const text = await outcome(() => new HTMLRewriter().on("p", { element(element) {
      for (let i = 0; i < 100; i++) element.append(megabyte);
    } }).transform(page()).text());
    return [text, (await marked().transform(page()).text()).length];
  },
  async attribute() {
    const piece = new TextEncoder().encode("a".repeat(64 * 1024));
    let first = true;
    return outcome(() => new HTMLRewriter().on("p", { element() {} }).transform(page(new ReadableStream({ pull(c) {
      c.enqueue(first ? new TextEncoder().encode("<p class='") : piece);
      first = false;
    } }))).text());
  },
  async often() {
    for (let i = 0; i < 300; i++) await marked(i % 3 === 0 ? () => Promise.resolve() : undefined).transform(page()).text();
    for (let i = 0; i < 100; i++) {
      const body = marked(i % 2 === 0 ? () => sleep(1) : undefined).transform(page(pieces(PAGE, 20))).body.getReader();
      const reading = body.read();
      if (i % 4 > 1) await reading;
      await body.cancel();
    }
    return (await marked().transform(page()).text()).length;
  },
  async abandoned() {
    // Its handler goes on after nobody wants the document any more, while the engine has another one.
    let later;
    const late = new Promise((resolve) => (later = resolve));
    const body = new HTMLRewriter().on("h1", { async element(element) {
      await sleep(1);
      later(await sleep(5).then(() => outcome(() => element.append("late"))));
      throw new Error("late too");
    } }).transform(page()).body.getReader();
    const reading = body.read();
    await sleep(1);
    await body.cancel();
    const next = marked(() => sleep(2)).transform(page()).text();
    // And one that cancels its own document while the parser calls it.
    let own;
    const rewritten = new HTMLRewriter().on("h1", { element(element) {
      own.cancel();
      element.append("x");
    } }).transform(page());
    own = rewritten.body.getReader();
    const ended = await own.read();
    return [await late, (await reading).done, await next, ended.done, await marked().transform(page()).text()];
  },
  async patched() {
    const whole = await marked().transform(page()).text();
    Array.prototype.join = Map.prototype.get = String.prototype.split = DataView.prototype.getInt32 = () => { throw new Error("patched"); };
    Object.defineProperty(Array.prototype, Symbol.iterator, { value() { throw new Error("patched"); } });
    return (await marked(() => sleep(1)).transform(page()).text()) === whole;
  },
};
export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/hung") return new HTMLRewriter().on("p", { element: () => new Promise(() => {}) }).transform(page());
    if (pathname === "/loop") return new HTMLRewriter().on("p", { element() { for (;;); } }).transform(page());
    if (pathname === "/throws") return new HTMLRewriter().on("p", { element() { throw new Error("in a handler"); } }).transform(page());
    if (pathname === "/proxy") return new HTMLRewriter().on("h1", { element(e) { e.setInnerContent("proxied"); } }).transform(page(request.body));
    return Response.json(await tests[pathname.slice(1)]());
  },
};`;

async function deploy(
  at: Fixture,
  cpuMs = 60_000,
): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const worker = await at.host.deploy({
    name: "html",
    main: "a.js",
    modules: [{ name: "a.js", type: "esm", content: WORKER }],
    limits: { cpuMs },
  });
  return (path, init) => worker.fetch(`http://html/${path}`, init);
}

const WHOLE = `<!DOCTYPE html><html><head><title>A &amp; B</title></head><body>
<!-- NOTE --><b><h1 id=one data-x="&quot;quoted&quot;">[Héllo wörld \u{1f600}]!</h2>&lt;i&gt;<p>one.<br>two.</p><hr>
<svg><g>http://www.w3.org/2000/svg</g></svg><script>if (a < b) "<p>no</p>"</script></body></html><!-- end -->`;

for (const cell of CELLS) {
  test(`HTMLRewriter rewrites elements, texts, comments and the document (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const ask = await deploy(at);
    const get = async (path: string): Promise<unknown> => await (await ask(path)).json();
    assert.equal(await get("face"), {
      status: 203,
      headers: [
        ["content-type", "text/html"],
        ["x-a", "1"],
      ],
      seen: [
        ["html", null, null, "[object Doctype]"],
        [
          "handlers",
          "[object Element]",
          "h1",
          [
            ["class", "top"],
            ["id", "one"],
          ],
          "top",
          null,
          true,
          false,
          true,
          true,
        ],
      ],
      text: [
        ["wörld", false, false, "[object Text]"],
        ["", true, false, "[object Text]"],
      ],
      hasH1: false,
      after:
        "TypeError: This HTMLRewriter token is no longer valid. Content tokens are only valid during the execution of the relevant content handler.",
      made: "TypeError: Illegal constructor",
      class: ["HTMLRewriter", 0, "[object HTMLRewriter]"],
      none: null,
    });
    assert.equal(await get("whole"), { text: WHOLE });
    assert.equal(await get("split"), []);
    assert.is(await get("many"), 40);
    assert.equal(await get("large"), [true, true]);
    assert.equal(await get("encodings"), ["text/html;charset=utf-8", "<p>café €</p>"]);
    const proxied = await ask("proxy", { method: "POST", body: "<h1>a</h1><p>" });
    assert.is(await proxied.text(), "<h1>proxied</h1><p>");
    assert.is(await get("often"), WHOLE.length);
    assert.equal(await get("abandoned"), [
      "TypeError: This HTMLRewriter token is no longer valid. Content tokens are only valid during the execution of the relevant content handler.",
      true,
      WHOLE,
      true,
      WHOLE,
    ]);
    assert.is(await get("patched"), true);
  });

  test(`HTMLRewriter throws what its users know, and fails the body where a handler fails (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const ask = await deploy(at);
    assert.equal(await (await ask("errors")).json(), [
      "TypeError: Parser error: Unexpected end of selector.",
      "TypeError: Parser error: The selector is empty.",
      'TypeError: HTMLRewriter.on(): the handler "element" is not a function',
      "TypeError: HTMLRewriter.on(): 2 arguments required",
      "TypeError: HTMLRewriter.onDocument(): the handlers are not an object",
      "TypeError: Failed to execute 'transform' on 'HTMLRewriter': parameter 1 is not of type 'Response'.",
      "TypeError: Body has already been used. It can only be used once. Use tee() first if you need to read it twice.",
      "TypeError: Parser error: Unknown character encoding has been provided.",
      "RangeError: mine",
      "RangeError: mine, later",
      "RangeError: at the end",
      "TypeError: Parser error: ` ` character is forbidden in the tag name",
      "TypeError: Parser error: ` ` character is forbidden in the attribute name",
      "TypeError: append(): content that is a ReadableStream or a Response is not supported here: read it to a string first",
      "TypeError: onEndTag(): the handler is not a function",
      "TypeError: Parser error: No end tag.",
      "Error: source",
      "TypeError: HTMLRewriter got a body whose stream gives something else than bytes",
    ]);
  });

  test(`HTMLRewriter: handlers that never settle, loop or throw, and tokens without end (${cell})`, async () => {
    await using at = await makeHost({ cell, onCatastrophe: () => {} });
    const ask = await deploy(at, 1_500);
    await (await ask("attribute")).text();
    assert.is(at.events.at(-1)!.outcome, "exceededCpu");
    assert.equal(await (await ask("memory")).json(), [
      "Error: HTMLRewriter cannot go on: its parser failed, maybe for lack of memory",
      WHOLE.length,
    ]);
    await assert500(await ask("throws"));
    await assert500(await ask("hung"));
    assert.ok(at.logs.some(({ text }) => text.includes("Error: in a handler")));
    assert.ok(at.logs.some(({ text }) => text.includes("hung and would never generate a response")));
    await (await ask("loop")).text().catch(() => "");
    assert.is(at.events.at(-1)!.outcome, "exceededCpu");
    assert.equal(await (await ask("whole")).json(), { text: WHOLE });
  });
}

async function assert500(response: Response): Promise<void> {
  const text = await response.text().catch(() => "failed");
  assert.ok(response.status === 500 || text === "failed", `${response.status} ${text}`);
}

test("the hosts of these tests close", closeHosts);

test.run();
