import type { Job } from "#kernel/module";

/** Runs jobs as time passes, each one never twice at once; `stop` ends when those under way have ended. */
export function startJobs(
  jobs: readonly Job[],
  log: (message: string, error: unknown) => void,
): { stop(): Promise<void> } {
  const running = new Map<string, Promise<void>>();
  const run = (job: Job) => {
    if (running.has(job.name)) return;
    const run = job
      .run()
      .catch((error: unknown) => log(`the job ${job.name} failed; it runs again in ${job.everyMs} ms`, error))
      .finally(() => running.delete(job.name));
    running.set(job.name, run);
  };
  const timers = jobs.map((job) => setInterval(() => run(job), job.everyMs));
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(running.values());
    },
  };
}
