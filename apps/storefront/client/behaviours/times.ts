import { parseTime } from "#kernel/clock";

/** Puts times into the reader's own language and zone. */
export function showLocalTimes(within: ParentNode): void {
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
  const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const time of within.querySelectorAll<HTMLTimeElement>("time[data-precision]"))
    time.textContent = (time.dataset["precision"] === "day" ? day : moment).format(parseTime(time.dateTime));
}

/** Lets "12 minutes left" grow shorter while somebody reads it; at the end the page is asked for anew. */
export function countDown(within: ParentNode): void {
  for (const place of within.querySelectorAll<HTMLElement>("[data-left-ms]")) {
    const end = performance.now() + Number(place.dataset["leftMs"]);
    const timer = setInterval(() => {
      if (!place.isConnected) return clearInterval(timer);
      const left = end - performance.now();
      if (left <= 0) return location.reload();
      const minutes = Math.floor(left / 60_000);
      const seconds = Math.floor((left % 60_000) / 1000);
      place.textContent = `${minutes}:${String(seconds).padStart(2, "0")}`;
    }, 1000);
  }
}
