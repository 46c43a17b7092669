import OpenAI from "openai";

interface Env {
  ENDPOINT: string;
}

/** One whole answer, one that streams, and an error. */
export default {
  async fetch(_request: Request, env: Env): Promise<Response> {
    const client = new OpenAI({ apiKey: "sk-test", baseURL: env.ENDPOINT, maxRetries: 0 });
    const messages = [{ role: "user" as const, content: "Say hello" }];
    const whole = await client.chat.completions.create({ model: "fake", messages });
    let streamed = "";
    for await (const part of await client.chat.completions.create({ model: "fake", messages, stream: true }))
      streamed += part.choices[0]?.delta.content ?? "";
    const refused = await client.models.retrieve("absent").then(
      () => "found",
      (error: { status: number; name: string }) => error.status,
    );
    return Response.json({ whole: whole.choices[0]?.message.content, streamed, refused });
  },
};
