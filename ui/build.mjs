// Bundles the explorer into a folder that the gateway serves as it is.
//
//   node build.mjs --out DIR --base URL     URL is the path under which DIR will be served
//
// The files' names do not change between builds: the gateway puts each build under an address of
// its own, so that they may be kept for ever.

import { readFile, readdir, writeFile, copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import { build } from 'esbuild';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const COMPRESSED = /\.(js|css|svg|ttf|txt|html)$/;
// GraphiQL's style sheet carries two font families; the page uses those of the system.
const UNUSED_FONT = /@font-face\s*{[^}]*font-family:\s*"?(Roboto|Fira Code)"?[^}]*}/g;

const ICONS = `
The editor's icon font, codicon.ttf, is Microsoft's Codicons (https://github.com/microsoft/vscode-codicons),
licensed under Creative Commons Attribution 4.0 International (https://creativecommons.org/licenses/by/4.0/).
`;

const options = { out: { type: 'string' }, base: { type: 'string' } };
const { out, base } = parseArgs({ options }).values;

await mkdir(out, { recursive: true });
const { metafile } = await bundle();
await writePage();
await writeNotices(metafile);
await compress();

function bundle() {
  return build({
    absWorkingDir: HERE,
    entryPoints: {
      explorer: 'src/explorer.jsx',
      'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
      'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
      'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
    },
    outdir: path.resolve(out),
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    legalComments: 'none', // THIRD_PARTY_NOTICES.txt has the licences whole
    chunkNames: 'chunks/[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    loader: { '.ttf': 'file' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
    plugins: [examples(), systemFonts()],
  });
}

// The module `examples:texts`: the operations of examples/, each with the variables beside it.
function examples() {
  const folder = path.join(HERE, 'examples');
  return {
    name: 'examples',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^examples:texts$/ }, () => ({ path: 'texts', namespace: 'examples' }));
      onLoad({ filter: /.*/, namespace: 'examples' }, async () => {
        const files = (await readdir(folder)).filter((name) => name.endsWith('.graphql')).sort();
        return {
          contents: JSON.stringify(await Promise.all(files.map(readExample))),
          loader: 'json',
        };
      });
    },
  };

  // The first comment of a file is its title, the comments after it say what it is about.
  async function readExample(file) {
    const text = await readFile(path.join(folder, file), 'utf8');
    const variables = await readFile(path.join(folder, file.replace(/graphql$/, 'json')), 'utf8');
    const comments = text
      .match(/^(#.*\n)+/)[0]
      .split('\n')
      .map((line) => line.replace(/^# ?/, ''));
    const [title, ...about] = comments;
    return { title, about: about.join(' ').trim(), query: text, variables: variables.trim() };
  }
}

function systemFonts() {
  return {
    name: 'system-fonts',
    setup({ onLoad }) {
      onLoad({ filter: /graphiql[\\/]dist[\\/]style\.css$/ }, async ({ path: file }) => {
        const style = await readFile(file, 'utf8');
        return { contents: style.replace(UNUSED_FONT, ''), loader: 'css' };
      });
    },
  };
}

async function writePage() {
  const page = await readFile(path.join(HERE, 'src/index.html'), 'utf8');
  await writeFile(path.join(out, 'index.html'), page.replaceAll('{base}', base));
  await copyFile(path.join(HERE, 'src/favicon.svg'), path.join(out, 'favicon.svg'));
  // esbuild writes the style sheet of each lazy chunk a second time; the page has it already.
  const chunks = path.join(out, 'chunks');
  for (const name of await readdir(chunks)) {
    if (name.endsWith('.css')) await rm(path.join(chunks, name));
  }
}

async function writeNotices({ inputs }) {
  const folders = new Set();
  for (const file of Object.keys(inputs)) {
    const match = file.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//);
    if (match) folders.add(path.join(HERE, match[1]));
  }
  const notices = await Promise.all([...folders].sort().map(readNotice));
  const text = `The explorer is built from these packages.\n\n${notices.join('\n')}${ICONS}`;
  await writeFile(path.join(out, 'THIRD_PARTY_NOTICES.txt'), text);
}

async function readNotice(folder) {
  const { name, version, license } = JSON.parse(
    await readFile(path.join(folder, 'package.json'), 'utf8'),
  );
  const files = (await readdir(folder)).filter((file) =>
    /^(licen[cs]e|notice|copying)/i.test(file),
  );
  const texts = await Promise.all(
    files.sort().map((file) => readFile(path.join(folder, file), 'utf8')),
  );
  const rule = '='.repeat(78);
  return `${rule}\n${name} ${version} (${license})\n${rule}\n${texts.map((text) => text.trim()).join('\n\n')}\n`;
}

async function compress() {
  const files = await readdir(out, { recursive: true, withFileTypes: true });
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  for (const file of files.filter((entry) => entry.isFile() && COMPRESSED.test(entry.name))) {
    const name = path.join(file.parentPath ?? file.path, file.name);
    const content = await readFile(name);
    await writeFile(`${name}.br`, await promisify(brotliCompress)(content, brotli));
    await writeFile(`${name}.gz`, await promisify(gzip)(content, { level: 9 }));
  }
}
