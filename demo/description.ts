import type { Leaf } from "./categories.ts";
import type { Random } from "./random.ts";
import { itemAt } from "./random.ts";
import type { Title } from "./titles.ts";
import type { DemoLanguage } from "./types.ts";

const OPENINGS = {
  en: [
    "<strong>{brand}</strong> makes its {kind} in small batches.",
    "<strong>{brand}</strong> has made its {kind} in the same workshop for years.",
    "Made by <strong>{brand}</strong> for every day, not for the cupboard.",
    "<strong>{brand}</strong> took two years over its {kind}.",
  ],
  zh: [
    "<strong>{brand}</strong>小批量制作的{kind}。",
    "<strong>{brand}</strong>的招牌{kind}，回购率很高。",
    "来自<strong>{brand}</strong>的{kind}，为日常使用而做。",
    "<strong>{brand}</strong>打磨两年的{kind}。",
  ],
};
/** Books have a publisher, not a maker. */
const BOOK_OPENINGS = {
  en: ["Published by <strong>{brand}</strong>.", "New in the <strong>{brand}</strong> list this season."],
  zh: ["<strong>{brand}</strong>出品。", "<strong>{brand}</strong>本季新书。"],
};
const CLOSINGS = {
  en: [
    "Ships in plain recyclable card.",
    "Each piece is looked over before it is packed.",
    "Paid back in full as long as it has not been sent.",
    "Packed by the people who sell it.",
  ],
  zh: ["环保纸盒包装发货。", "每件都检查过再打包。", "发货前可全额退款。", "店家亲手打包，放心收货。"],
};
const LABELS_ZH: Readonly<Record<string, string>> = {
  Material: "材质",
  Origin: "产地",
  Scent: "香调",
  Ingredient: "主要成分",
  Flavour: "口味",
};

/** Two or three short paragraphs and a list, in the product's language, with p, ul, li and strong only. */
export function descriptionOf(
  leaf: Leaf,
  language: DemoLanguage,
  title: Title,
  facts: Readonly<Record<string, readonly string[]>>,
  random: Random,
): string {
  const { words } = leaf;
  const isBook = words.attributes["Pages"] !== undefined && words.materialName === null;
  const kind = language === "en" ? lowered(title.kind.en) : title.kind.zh;
  const opening = random
    .pick((isBook ? BOOK_OPENINGS : OPENINGS)[language])
    .replace("{brand}", escaped(title.brand))
    .replace("{kind}", escaped(kind));
  const praise = itemAt(words.praise[language], random.integer(0, 1));
  const items = itemsOf(words.materialName, language, title, facts);
  const closing = random.pick(CLOSINGS[language]);
  const space = language === "en" ? " " : "";
  return `<p>${opening}${space}${praise}</p><ul>${items}</ul><p>${closing}</p>`;
}

function itemsOf(
  materialName: string | null,
  language: DemoLanguage,
  title: Title,
  facts: Readonly<Record<string, readonly string[]>>,
): string {
  if (language === "zh") {
    const label = materialName === null ? null : LABELS_ZH[materialName];
    const material = label ? `<li><strong>${label}：</strong>${title.material.zh}</li>` : "";
    return `${material}<li><strong>特点：</strong>${title.trait.zh.replace(/[，：]$/, "")}</li>`;
  }
  return Object.entries(facts)
    .map(([name, values]) => `<li><strong>${name}:</strong> ${escaped(values.join(", "))}</li>`)
    .join("");
}

/** "Wall Clock" in a sentence is "wall clock", but "T-Shirt" and "USB" keep their capitals. */
function lowered(name: string): string {
  return name.replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
