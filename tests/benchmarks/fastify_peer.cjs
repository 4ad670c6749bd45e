// A server of another kind that asks the same statements and sends the same JSON: Fastify with the schema of its answers,
// which it makes a serializer of, and pg with named (prepared) statements and a pool of as many connections.
// What the API says once about all rows (`rest`) and works out for each (`extras`) is given to it, so it has less to do.
// Not here: what is measured of it (api_speed.py, which starts it).
"use strict";

const fs = require("node:fs");
const fastify = require("fastify");
const { Pool, types } = require("pg");

const given = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const INT8 = 20, FLOAT8 = 701, TIMESTAMPTZ = 1184, NUMERIC = 1700;
for (const kind of [INT8, FLOAT8, NUMERIC]) types.setTypeParser(kind, Number);
const microseconds = (_, digits) => `.${digits.padEnd(6, "0")}`;
types.setTypeParser(TIMESTAMPTZ, (text) => text.replace(" ", "T").replace("+00", "Z").replace(/\.(\d+)/, microseconds));

const pool = new Pool({
  connectionString: given.url,
  max: given.pool_size,
  options: "-c role=aibaas_api -c default_transaction_read_only=on -c timezone=UTC",
});
const app = fastify();

for (const { name, path, text, values, rest, extras, schema } of given.routes) {
  app.get(path, { schema: { response: { 200: schema } } }, async () => {
    const { rows } = await pool.query({ name, text, values });
    return { ...rest, data: rows.map((row, number) => Object.assign(row, extras[number])) };
  });
}

app.listen({ host: "127.0.0.1", port: 0 }).then((address) => console.log(address));
