// The ready operations: tabs at the first visit, and a list to open them from at any time.

import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

import texts from 'examples:texts';

const PHONE = matchMedia('(max-width: 760px)'); // as in explorer.css

// { title, about, query, variables } of each file, in the order of their names.
export const examples = texts;

function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <path d="M4 5.5h16M4 12h16M4 18.5h10" strokeLinecap="round" />
      <path d="m17 16.5 4 2.2-4 2.3z" fill="currentColor" stroke="none" />
    </svg>
  );
}

function Examples() {
  const { addTab, setVisiblePlugin } = useGraphiQLActions();
  const queryEditor = useGraphiQL((store) => store.queryEditor);
  const variableEditor = useGraphiQL((store) => store.variableEditor);
  const open = (example) => {
    addTab();
    queryEditor?.setValue(example.query);
    variableEditor?.setValue(example.variables);
    if (PHONE.matches) setVisiblePlugin(null); // there the list lies over the editors
  };
  return (
    <section aria-label="Examples" className="examples">
      <h2>Examples</h2>
      <ul>
        {examples.map((example) => (
          <li key={example.title}>
            <button type="button" onClick={() => open(example)}>
              <strong>{example.title}</strong>
              <span>{example.about}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export const examplesPlugin = { title: 'Examples', icon: Icon, content: Examples };
