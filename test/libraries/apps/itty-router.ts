import { AutoRouter, cors, error, json } from "itty-router";

const { preflight, corsify } = cors({ origin: "https://app.example" });
const router = AutoRouter({ before: [preflight], finally: [corsify] });
router
  .get("/todos/:id", ({ params, query }) => ({ id: params["id"], tag: query["tag"] }))
  .post("/todos", async (request) => json(await request.json(), { status: 201 }))
  .get("/teapot", () => error(418, "short and stout"));

export default router;
