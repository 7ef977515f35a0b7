// The audits of the GraphQL-over-HTTP specification, against a server that runs.
//
//   node graphql-http.mjs URL        the key, when the server wants one, in STOCKGRAPH_KEY

import { auditServer } from 'graphql-http';

const AUDITS = 61;

const url = process.argv[2];
const key = process.env.STOCKGRAPH_KEY;
const authorization = key ? { Authorization: `Bearer ${key}` } : {};

const fetchFn = (input, init = {}) =>
  fetch(input, { ...init, headers: { ...init.headers, ...authorization } });

const results = await auditServer({ url, fetchFn });
const failed = results.filter((result) => result.status !== 'ok');
for (const { id, name, reason } of failed) console.log(`${id} ${name}: ${reason}`);

console.log(`graphql-http: ${results.length - failed.length} of ${results.length} audits passed`);
if (failed.length > 0 || results.length !== AUDITS) process.exit(1);
