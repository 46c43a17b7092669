import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from "kysely";

interface Tables {
  person: { id: number; name: string; age: number | null };
  pet: { id: number; owner: number; species: "cat" | "dog" };
}

const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (all) => new SqliteIntrospector(all),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

export default {
  async fetch(): Promise<Response> {
    const select = db
      .selectFrom("person")
      .innerJoin("pet", "pet.owner", "person.id")
      .select(["person.name", "pet.species", sql<number>`count(*)`.as("pets")])
      .where("pet.species", "=", "cat")
      .where((is) => is.or([is("age", ">", 3), is("age", "is", null)]))
      .groupBy("person.id")
      .compile();
    const insert = db
      .insertInto("person")
      .values({ id: 1, name: "Ada", age: null })
      .returning("id")
      .compile();
    const rows = await db.selectFrom("person").selectAll().execute();
    return Response.json({
      select: [select.sql, select.parameters],
      insert: [insert.sql, insert.parameters],
      rows,
    });
  },
};
