// The same questions as standings.py, by the generated types: node standings.js ADDRESS
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { argv: string[] };
const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: process.argv[2] ?? "" });

const board = await client.GET("/v1/leaderboard", { params: { query: { limit: 3 } } });
if (!board.data) throw new Error(board.error.title);
for (const entry of board.data.data) console.log(entry.target_id, entry.score_mean);
const first = board.data.data[0];
if (!first) throw new Error("nobody stands there");
const history = await client.GET("/v1/models/{model_id}/history", {
  params: { path: { model_id: first.target_id }, query: { days: 2 } },
});
if (!history.data) throw new Error(history.error.title);
console.log(history.data.data.length, history.data.meta.target_id);
const unknown = await client.GET("/v1/models/{model_id}", { params: { path: { model_id: "nobody" } } });
if (!unknown.error) throw new Error("nobody is known");
console.log(unknown.error.status, unknown.error.type);
