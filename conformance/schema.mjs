// A second implementation reads our schema: graphql-js takes the introspection of a server that
// runs, finds it valid, and finds in it exactly what the committed SDL says.
//
//   node schema.mjs URL SDL        the key, when the server wants one, in STOCKGRAPH_KEY

import { readFile } from 'node:fs/promises';

import {
  buildClientSchema,
  buildSchema,
  findBreakingChanges,
  findDangerousChanges,
  getIntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
  validateSchema,
} from 'graphql';

const [url, file] = process.argv.slice(2);
const key = process.env.STOCKGRAPH_KEY;

const response = await fetch(url, {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    Accept: 'application/graphql-response+json',
    ...(key && { Authorization: `Bearer ${key}` }),
  },
  body: JSON.stringify({
    query: getIntrospectionQuery({
      specifiedByUrl: true,
      inputValueDeprecation: true,
      oneOf: true,
      directiveIsRepeatable: true,
    }),
  }),
});
const { data, errors } = await response.json();
if (errors) fail(`introspection: ${JSON.stringify(errors)}`);

const served = buildClientSchema(data);
const committed = buildSchema(await readFile(file, 'utf8'));
const faults = [
  ...validateSchema(served).map(({ message }) => message),
  ...[...findBreakingChanges(committed, served), ...findDangerousChanges(committed, served)].map(
    ({ description }) => `served otherwise than in ${file}: ${description}`,
  ),
];
const differs = print(served) !== print(committed);
if (differs && faults.length === 0) faults.push(`the served schema differs from ${file}`);
faults.forEach((fault) => console.log(fault));
if (faults.length > 0) process.exit(1);
console.log(
  `graphql-js: ${Object.keys(served.getTypeMap()).length} types are valid and as committed`,
);

// Directives that only the SDL can show (@needs) are not part of an introspection.
function print(schema) {
  return printSchema(lexicographicSortSchema(schema)).replace(/^directive .*(\n  .*)*\n*/gm, '');
}

function fail(message) {
  console.log(message);
  process.exit(1);
}
