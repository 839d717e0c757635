import type { Tracing } from "#topology/wiring";

/** What an application is told besides its wiring; it passes through the launcher unread. */
export type ApplicationSettings = Readonly<Record<string, unknown>>;

/** Where the code of an application lies, and what it is told. The launcher hands it to each of them. */
export interface Release {
  /** The immutable directory of a release: a checkout with its packages. */
  readonly directory: string;
  readonly version: string;
  /** How the shop is reached from outside. */
  readonly publicUrl: string;
  readonly settings: ApplicationSettings;
  /** Where traces go, of proxies too; absent: there are none. */
  readonly trace?: Tracing;
  /**
   * Of its host: where uploads lie unless a component keeps them, where the built pages are, and where settings are
   * that change while it runs.
   */
  readonly directories: { readonly files: string; readonly build: string; readonly settings: string };
  /** Names of the secrets that an application needs; it gets those and no others. */
  readonly secrets: readonly string[];
}
