/** Keeps the number beside the cart true after something was put in without leaving the page. */
export function showCartCount(): void {
  document.addEventListener("cart-count", (event) => {
    const count = (event as CustomEvent<number>).detail;
    for (const badge of document.querySelectorAll<HTMLElement>(".cart-count")) {
      badge.dataset["count"] = String(count);
      badge.textContent = count > 99 ? "99+" : String(count);
    }
    for (const words of document.querySelectorAll("[data-cart-words]"))
      words.textContent = count === 0 ? ", empty" : `, ${count} in it`;
  });
}
