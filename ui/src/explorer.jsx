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
// GraphiQL fills the editors from what it has stored, and at the first visit from these.
const isFirstVisit = localStorage.getItem('graphiql:tabState') === null;
const first = isFirstVisit ? tabs[0] : brought[0];

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
      initialQuery={first?.query}
      initialVariables={first?.variables}
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
