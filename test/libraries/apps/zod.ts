import { z } from "zod";

const Order = z.object({
  id: z.uuid(),
  email: z.email(),
  items: z
    .array(z.object({ sku: z.string().regex(/^[A-Z]{2}\d+$/), count: z.number().int().positive() }))
    .min(1),
  when: z.iso.datetime().transform((text) => new Date(text).getTime()),
  note: z.string().optional(),
});

export default {
  async fetch(request: Request): Promise<Response> {
    const parsed = Order.safeParse(await request.json());
    if (parsed.success) return Response.json(parsed.data);
    return Response.json(
      { issues: parsed.error.issues.map(({ path, code }) => ({ path: path.join("."), code })) },
      { status: 422 },
    );
  },
};
