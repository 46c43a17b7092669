import { Suspense, use, type ReactNode } from "react";
import { renderToReadableStream } from "react-dom/server.edge";

function Later({ text }: { text: Promise<string> }): ReactNode {
  return <b>{use(text)}</b>;
}

function Page({ name, text }: { name: string; text: Promise<string> }): ReactNode {
  return (
    <html lang="en">
      <body>
        <h1>Hello {name}</h1>
        <Suspense fallback={<i>loading</i>}>
          <Later text={text} />
        </Suspense>
      </body>
    </html>
  );
}

export default {
  async fetch(request: Request): Promise<Response> {
    const name = new URL(request.url).searchParams.get("name") ?? "world";
    const text = new Promise<string>((resolve) => setTimeout(() => resolve("came later"), 20));
    const stream = await renderToReadableStream(<Page name={name} text={text} />);
    return new Response(stream, { headers: { "content-type": "text/html" } });
  },
};
