import { LEAVES, TRADES } from "./categories.ts";
import { itemAt, randomFor, scattered } from "./random.ts";
import type { DemoShop } from "./types.ts";
import { list, pairs, type Trade } from "./words/words.ts";

const FIRST_WORDS = {
  en: list(`Saltmarsh, Northgate, Juniper, Copper Lane, Blue Heron, Old Mill, Market Street, Willow, Lantern, Compass, Driftwood,
    Fox & Finch, Hawthorn, Riverside, Kite, Oak & Iron, Paper Moon, Quayside, Red Barn, Silver Birch, Thistle, Umber, Vesper,
    Wildflower, Yonder, Anchor, Bluebird, Cobble, Dapple, Eastfield, Fernway, Gable, Hilltop, Ivy, Jackdaw, Larkspur,
    Mulberry, Nettle, Orchard, Primrose, Rosehip, Swallow, Tumbler, Westering`).map((name) => ({
    name,
    spelling: name,
  })),
  zh: pairs(`青禾=Qinghe, 南山=Nanshan, 云上=Yunshang, 一间=Yijian, 半山=Banshan, 江南=Jiangnan, 拾光=Shiguang, 白鹿=Bailu, 木心=Muxin,
    知秋=Zhiqiu, 三味=Sanwei, 有光=Youguang, 小城=Xiaocheng, 归来=Guilai, 远方=Yuanfang, 春信=Chunxin, 月下=Yuexia, 花溪=Huaxi, 北巷=Beixiang,
    渔火=Yuhuo, 清和=Qinghe Yard, 竹影=Zhuying, 晴川=Qingchuan, 暖冬=Nuandong`).map(({ en, zh }) => ({
    name: en,
    spelling: zh,
  })),
};
const TOWNS = {
  en: list(`Leeds GB, Portland US, Bristol GB, Toronto CA, Melbourne AU, Austin US, Dublin IE, Edinburgh GB, Seattle US, Vancouver CA,
    Auckland NZ, Brooklyn US, Cork IE, Sheffield GB, Madison US, Perth AU, Copenhagen DK, Rotterdam NL`),
  zh: list(
    "Hangzhou CN, Shanghai CN, Chengdu CN, Suzhou CN, Shenzhen CN, Xiamen CN, Taipei TW, Singapore SG, Guangzhou CN, Jingdezhen CN",
  ),
};

const SHIPPING_MINOR = [0, 299, 399, 499, 599, 799, 999];
const FREE_ABOVE_MINOR = [2500, 3500, 4900, 5900, 7500, 9900];

/** The shops, `count` of them; every leaf category is sold by at least one, however few they are. */
export function demoShops(count: number, seed: number): readonly DemoShop[] {
  return Array.from({ length: count }, (_, index) => shopAt(index, count, seed));
}

function shopAt(index: number, count: number, seed: number): DemoShop {
  const random = randomFor("shop", seed, index);
  const trade = itemAt(TRADES, index);
  const rank = Math.floor(index / TRADES.length);
  const categories = categoriesOf(trade, index, rank, count, random.integer(2, 4));
  // Every fourth of a trade's shops is named in Chinese.
  const language = (rank + index) % 4 === 3 ? "zh" : "en";
  const { name, slug } = nameOf(trade, language, rank);
  const [country = "", ...town] = itemAt(TOWNS[language], random.integer(0, 99)).split(" ").reverse();
  const flatMinor = random.pick(SHIPPING_MINOR);
  const leaves = LEAVES.filter((leaf) => categories.includes(leaf.words.slug));
  const goods = leaves.map((leaf) => leaf.words.name[language]);
  return {
    slug,
    name,
    description: descriptionOf(language, goods, town.join(" "), random.integer(1996, 2024)),
    region: `${town.join(" ")}, ${country}`,
    feeBasisPoints: random.integer(6, 16) * 50,
    shipping: {
      flatMinor,
      freeAboveMinor: flatMinor === 0 || random.chance(0.25) ? null : random.pick(FREE_ABOVE_MINOR),
    },
    currency: "USD",
    categories,
  };
}

/**
 * Two to four neighbours of the shop's trade (all, if it has only two). Ranks start two apart, so three shops
 * cover a trade of five leaves; with fewer than three shops a trade each also takes leaves that nobody else
 * would.
 */
function categoriesOf(
  trade: Trade,
  index: number,
  rank: number,
  count: number,
  wanted: number,
): readonly string[] {
  const own = Array.from({ length: wanted }, (_, i) => itemAt(trade.categories, rank * 2 + i).slug);
  const orphans = count < TRADES.length * 3 ? LEAVES.filter((_, leaf) => leaf % count === index) : [];
  return [...new Set([...own, ...orphans.map((leaf) => leaf.words.slug)])];
}

/** Ranks of one trade and language map one to one to names; after the last pair of words a number follows. */
function nameOf(trade: Trade, language: "en" | "zh", rank: number): { name: string; slug: string } {
  const firsts = FIRST_WORDS[language];
  const space = firsts.length * trade.shopWords.length;
  const cell = scattered(rank % space, space, TRADES.indexOf(trade) * 41);
  const first = itemAt(firsts, cell);
  const second = itemAt(trade.shopWords, Math.floor(cell / firsts.length));
  const branch = Math.floor(rank / space);
  const suffix = branch === 0 ? "" : ` No. ${branch + 1}`;
  return {
    name: language === "zh" ? `${first.name}${second.zh}${suffix}` : `${first.name} ${second.en}${suffix}`,
    slug: slugOf(`${first.spelling} ${second.en}${suffix}`),
  };
}

function descriptionOf(language: "en" | "zh", goods: readonly string[], town: string, year: number): string {
  if (language === "zh") return `始于${year}年，专注${goods.join("、")}，每一单都当天打包。`;
  const last = goods.at(-1) ?? "";
  const named = [...goods.slice(0, -1).map((name) => name.toLowerCase()), last.toLowerCase()];
  const said = named.length > 1 ? `${named.slice(0, -1).join(", ")} and ${named.at(-1)}` : last.toLowerCase();
  return `Independent since ${year}: ${said}, chosen and packed by hand in ${town}.`;
}

/** Lower case, a-z and digits, hyphens between: "Fox & Finch" becomes "fox-and-finch". */
export function slugOf(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f']/g, "")
    .replace(/&/g, " and ")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
