import "./styles/index.css";
import "./icon.svg?url";
import { showCartCount } from "./behaviours/cart-count.ts";
import { checkFields } from "./behaviours/check-fields.ts";
import { mendPictures } from "./behaviours/pictures.ts";
import { suggest } from "./behaviours/suggest.ts";
import { swapOnSubmit } from "./behaviours/swap.ts";
import { countDown, showLocalTimes } from "./behaviours/times.ts";

// Whatever is on the page works without these; each makes one thing quicker or nearer to its reader.
const enliven = () => {
  showLocalTimes(document);
  countDown(document);
};

mendPictures();
showCartCount();
checkFields();
swapOnSubmit(enliven);
suggest();
enliven();
for (const island of document.querySelectorAll<HTMLElement>("[data-island=product-choice]"))
  void import("./islands/hydrate.tsx").then(({ hydrate }) => hydrate(island));
