/** The alert that always fires: while it arrives, somebody watches, and can be heard. */
export const heartbeat = "watching";
/** How often it arrives, and everything that goes on firing is told again. */
export const repeatSeconds = 30;
/** Three are missing: Prometheus, Alertmanager or the way from them is gone. */
export const silenceSeconds = 100;
