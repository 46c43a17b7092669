import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

interface Env {
  ENDPOINT: string;
}

/** Puts an object into a store and gets it back: every request is signed, and sent by fetch. */
export default {
  async fetch(_request: Request, env: Env): Promise<Response> {
    const client = new S3Client({
      region: "auto",
      endpoint: env.ENDPOINT,
      forcePathStyle: true,
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "not-a-secret" },
    });
    const put = await client.send(
      new PutObjectCommand({
        Bucket: "box",
        Key: "greeting.txt",
        Body: "hello store",
        ContentType: "text/plain",
      }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket: "box", Key: "greeting.txt" }));
    return Response.json({
      etag: put.ETag,
      type: got.ContentType,
      body: await got.Body?.transformToString(),
    });
  },
};
