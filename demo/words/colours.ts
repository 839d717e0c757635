const TABLE = `
Black=#2c2c31 Charcoal=#4b4f58 Grey=#8f949b Silver=#c2c8cf White=#f4f2ed Ivory=#eee3cc Sand=#d9c19b Tan=#bb8a58
Brown=#7c5439 Walnut=#614433 Oak=#c99d68 Terracotta=#c66c4c Rust=#a94d30 Red=#c93c40 Coral=#ed7d69 Pink=#eba8b3
Rose=#d07789 Burgundy=#7a2b40 Orange=#e98d40 Mustard=#d9a83f Yellow=#f1cb52 Lime=#a9c457 Sage=#9fb295 Olive=#7d8249
Green=#43905f Forest=#2f5f49 Mint=#a8d8c5 Teal=#2f858a Sky=#8fc0e2 Blue=#3f77c3 Navy=#2a406c Indigo=#4c4e9f
Lavender=#b6a8da Purple=#7e529f Brass=#caa34f Copper=#c27e55 Gold=#d6b15f Steel=#adb5be Clear=#cfe4e6 Amber=#c8792a
`;

const HEX = new Map(
  TABLE.trim()
    .split(/\s+/)
    .map((entry) => {
      const [name = "", hex = ""] = entry.split("=");
      return [name, hex] as const;
    }),
);

/**
 * The colour of a name used in options and attributes, as #rrggbb. A name that is not in the table is a bug.
 */
export function colourHex(name: string): string {
  const hex = HEX.get(name);
  if (hex === undefined) throw new RangeError(`no colour is called ${name}: add it to words/colours.ts`);
  return hex;
}
