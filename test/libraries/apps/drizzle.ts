import { and, eq, gt } from "drizzle-orm";
import { integer, QueryBuilder, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { drizzle } from "drizzle-orm/sqlite-proxy";

const users = sqliteTable("users", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
  age: integer("age"),
});

export default {
  async fetch(): Promise<Response> {
    const built = new QueryBuilder()
      .select()
      .from(users)
      .where(and(eq(users.name, "Ada"), gt(users.age, 30)))
      .toSQL();
    const asked: unknown[] = [];
    const db = drizzle(async (sql, params, method) => {
      asked.push([sql, params, method]);
      return { rows: [[1, "Ada", 36]] };
    });
    const rows = await db.select().from(users).where(eq(users.id, 1));
    return Response.json({ built, asked, rows });
  },
};
