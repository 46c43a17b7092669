import { createSchema, createYoga } from "graphql-yoga";

const books = [{ title: "Staying Warm", author: "V. Eight" }];

const yoga = createYoga({
  schema: createSchema({
    typeDefs: `
      type Book { title: String! author: String! }
      type Query { books: [Book!]! hello(name: String = "you"): String! }
      type Mutation { add(title: String!, author: String!): Book! }
      type Subscription { count(to: Int!): Int! }
    `,
    resolvers: {
      Query: { books: () => books, hello: (_: unknown, { name }: { name: string }) => `hello ${name}` },
      Mutation: {
        add: (_: unknown, book: { title: string; author: string }) => {
          books.push(book);
          return book;
        },
      },
      Subscription: {
        count: {
          subscribe: async function* (_: unknown, { to }: { to: number }) {
            for (let count = 1; count <= to; count++) yield { count };
          },
        },
      },
    },
  }),
  logging: false,
  maskedErrors: true,
});

export default { fetch: yoga.fetch };
