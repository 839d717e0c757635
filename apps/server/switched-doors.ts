import type { CatalogDoor } from "#domains/catalog/api";
import type { SearchDoor } from "#domains/search/api";
import { type Refusal, refuse } from "#kernel/refusal";
import { type FlagName, type Flags, flagTable } from "#platform/flags/api";
import type { Doors } from "./compose.ts";

/** Operations that are refused while a flag is off. All others go on with less. */
export const refusedWhileOff: Readonly<Record<string, FlagName>> = {
  "account.register": "registrations",
  "catalog.importCsv": "imports",
};

/** What somebody is asked to wait whose request was refused, in seconds: floods pass in minutes. */
const retryAfterSeconds = 120;

/**
 * Puts the switches before the doors that are opened to the outside, and before their caches: what is off reaches
 * neither cache nor database. Domains call each other past them.
 */
export function switchedDoors(doors: Doors, flags: Flags): Doors {
  return {
    ...doors,
    account: {
      ...doors.account,
      register: async (context, input) =>
        flags.isOn("registrations") ? doors.account.register(context, input) : switchedOff("registrations"),
    },
    catalog: switchedCatalog(doors.catalog, flags),
    search: switchedSearch(doors.search, flags),
  };
}

const switchedCatalog = (catalog: CatalogDoor, flags: Flags): CatalogDoor => ({
  ...catalog,
  importCsv: async (context, input) =>
    flags.isOn("imports") ? catalog.importCsv(context, input) : switchedOff("imports"),
});

const switchedSearch = (search: SearchDoor, flags: Flags): SearchDoor => ({
  ...search,
  list: (context, input) => search.list(context, flags.isOn("facets") ? input : { ...input, facets: false }),
  find: (context, input) => search.find(context, flags.isOn("facets") ? input : { ...input, facets: false }),
  suggest: async (context, input) =>
    flags.isOn("suggestions") ? search.suggest(context, input) : { items: [] },
});

/** Any operation may be refused so; no door lists it, because no domain knows of switches. */
function switchedOff(name: FlagName): Refusal<never> {
  const message = `${flagTable[name].title} are switched off while the shop has too much to do. Try again in a few minutes.`;
  return refuse("request.switched_off", message, { retryAfterSeconds }) as Refusal<never>;
}
