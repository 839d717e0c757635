/** No timer counts farther, and nobody waits as long. */
export const longestMs = 2 ** 31 - 1;

/**
 * What `work` comes to, or the error of `late` after so many milliseconds, `longestMs` at most: then its signal is
 * aborted, and whatever it still comes to is nobody's business.
 */
export async function within<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  late: () => Error,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late());
      controller.abort();
    }, Math.ceil(ms));
  });
  try {
    return await Promise.race([work(controller.signal), over]);
  } finally {
    clearTimeout(timer);
  }
}
