/**
 * Aborts at Ctrl-C or when a service manager ends us, so that what was begun is cleaned up instead of left behind. The
 * second signal changes nothing.
 */
export function interrupted(): AbortSignal {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => abort.abort(new Error("interrupted")));
  }
  return abort.signal;
}
