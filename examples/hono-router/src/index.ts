import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { timing } from "hono/timing";

interface Book {
  readonly id: string;
  readonly title: string;
}

const books = new Map<string, Book>([
  ["1", { id: "1", title: "The Voyage of the Beagle" }],
  ["2", { id: "2", title: "Two Years Before the Mast" }],
]);

const app = new Hono();
app.use(timing());
app.get("/", (context) =>
  context.html('<h1>Books</h1><p><a href="/books">all</a>, <a href="/books/1">one</a></p>'),
);
app.get("/books", (context) => context.json([...books.values()]));
app.get("/books/:id", (context) => {
  const book = books.get(context.req.param("id"));
  if (!book) throw new HTTPException(404, { message: "no such book" });
  return context.json(book);
});
app.post("/books", async (context) => {
  const { title } = await context.req.json<{ title?: string }>();
  if (!title) throw new HTTPException(400, { message: "a book needs a title" });
  // Only to show a POST: an isolate may be gone before the next request, so real data belongs in a store.
  return context.json({ id: crypto.randomUUID(), title }, 201);
});

export default app;
