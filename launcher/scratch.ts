import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory for one test; `using scratch = makeScratch()` removes it at the end of the block. */
export interface Scratch extends Disposable {
  readonly path: string;
}

/** A new empty directory that a server which runs as another user may pass through, as mkdtemp's may not. */
export function makeScratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), "storey-"));
  chmodSync(path, 0o711);
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  return { path, [Symbol.dispose]: remove };
}
