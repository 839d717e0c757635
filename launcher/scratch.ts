import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A directory for one test, which a server that runs as another user may pass through, as mkdtemp's may not. Remove it
 * after what runs in it was stopped.
 */
export function makeScratch(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "storey-"));
  chmodSync(path, 0o711);
  return {
    path,
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }),
  };
}
