import { customAlphabet, nanoid } from "nanoid";

export default {
  fetch(): Response {
    const digits = customAlphabet("0123456789", 12);
    const ids = Array.from({ length: 1_000 }, () => nanoid());
    return Response.json({ different: new Set(ids).size, id: ids[0], digits: digits() });
  },
};
