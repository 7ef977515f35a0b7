// The explorer's page: GraphiQL over our endpoint, with examples and a notice when no key is known.

import { explorerPlugin } from '@graphiql/plugin-explorer';
import '@graphiql/plugin-explorer/style.css';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';

import { examples, examplesPlugin } from './examples.jsx';
import './explorer.css';
import { fetcher, signOut, subscribe, whoIsAsking } from './session.js';

const WORKERS = { json: './json.worker.js', graphql: './graphql.worker.js' };

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    const file = WORKERS[label] ?? './editor.worker.js';
    return new Worker(new URL(file, import.meta.url), { type: 'module' });
  },
};

const plugins = [HISTORY_PLUGIN, explorerPlugin(), examplesPlugin];

// A link may bring an operation along: /graphql?query=…&variables=…
const given = new URLSearchParams(location.search);
const brought = given.has('query')
  ? [{ query: given.get('query'), variables: given.get('variables') ?? '' }]
  : [];
const tabs = [...brought, ...examples];
// GraphiQL leaves the variables of a stored tab out of the editor unless it is told them.
const first = brought[0] ?? lastOpen() ?? tabs[0];

// The tab that was open at the last visit, if there was one.
function lastOpen() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState'));
    const { query, variables } = tabs[activeTabIndex];
    return { query: query ?? '', variables: variables ?? '' };
  } catch {
    return undefined; // nothing is stored, or what GraphiQL does not take for its own either
  }
}

function Notice() {
  const state = useSyncExternalStore(subscribe, whoIsAsking);
  if (state !== 'nobody') return null;
  return (
    <div className="notice" role="alert">
      {location.hash === '#link-used'
        ? 'That link was used already or is older than 10 minutes. '
        : ''}
      No key is known here. Open the link that <code>./run</code> prints, or write{' '}
      <code>{'{"Authorization": "Bearer <key>"}'}</code> under Headers.
    </div>
  );
}

function Brand() {
  const state = useSyncExternalStore(subscribe, whoIsAsking);
  return (
    <>
      {state === 'session' && (
        <button type="button" className="sign-out" onClick={signOut}>
          Sign out
        </button>
      )}
      <span className="brand">Stockgraph</span>
    </>
  );
}

createRoot(document.getElementById('root')).render(
  <>
    <Notice />
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      defaultTabs={tabs}
      defaultQuery="# Write an operation, or open an example from the left.\n"
      initialQuery={first.query}
      initialVariables={first.variables}
      defaultEditorToolsVisibility="variables"
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
    >
      <GraphiQL.Logo>
        <Brand />
      </GraphiQL.Logo>
    </GraphiQL>
  </>,
);
