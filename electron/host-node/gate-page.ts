/** Where the gate's script is; no file of the renderer begins with a tilde. */
export const GATE_SCRIPT_PATH = '/~gate.js';

/** What a browser without the session's cookie gets: it exchanges the token of the link, or says where the link is. */
export const GATE_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Command Center</title>
    <style>
      body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 15px/1.5 system-ui, sans-serif; background: #f5f6f8; color: #2b3542; }
      main { max-width: 30rem; padding: 2rem; }
      h1 { font-size: 1.25rem; margin: 0 0 0.5rem; }
      @media (prefers-color-scheme: dark) { body { background: #12161c; color: #c9d1da; } }
    </style>
    <link rel="icon" href="data:," />
    <script src="${GATE_SCRIPT_PATH}" defer></script>
  </head>
  <body>
    <main id="closed" hidden>
      <h1>Open the link of the launcher</h1>
      <p>This console runs on this machine and opens only with the link that was printed when it was started. Copy the whole line beginning with http:// into the address bar.</p>
    </main>
    <noscript>The console needs JavaScript.</noscript>
  </body>
</html>
`;

/**
 * A wallboard keeps its token under `wallboard-token`, so that it comes back by itself after the host was restarted; the token goes on to the page.
 * It ends with a navigation of its own, not a reload: a strict cookie is not sent for a page that another site led to.
 */
export const GATE_SCRIPT = `const closed = () => { document.getElementById('closed').hidden = false; };
const token = new URLSearchParams(location.hash.slice(1)).get('token') || localStorage.getItem('wallboard-token');
const next = token && token.startsWith('wb_') ? '/?wall=1#token=' + token : '/';
history.replaceState(null, '', '/');
if (!token) closed();
else fetch('/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }) })
  .then((answer) => (answer.ok ? location.replace(next) : closed()), closed);
`;
