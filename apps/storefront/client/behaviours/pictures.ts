/**
 * A picture that cannot be had, as sometimes on other people's servers, gives way to its category's, and that to the
 * shop's own mark, instead of the browser's broken one.
 */
export function mendPictures(): void {
  document.addEventListener("error", ({ target }) => mend(target), true);
  // Another picture may come to stand in the same place: that of another choice.
  document.addEventListener("load", ({ target }) => welcome(target), true);
  // Some have failed before this script ran.
  for (const image of document.images) {
    if (image.complete && image.naturalWidth === 0) image.decode().catch(() => mend(image));
  }
}

const mark = () => document.querySelector<HTMLLinkElement>("link[rel=icon]")?.href ?? "";

function welcome(image: EventTarget | null): void {
  if (image instanceof HTMLImageElement && image.src !== mark()) image.classList.remove("stand-in");
}

function mend(image: EventTarget | null): void {
  if (!(image instanceof HTMLImageElement) || image.src === mark()) return;
  const { instead } = image.dataset;
  delete image.dataset["instead"];
  if (instead) {
    image.src = instead;
    return;
  }
  // A second picture lies over the first: without it, the first is seen.
  if (image.matches(".two img:last-child")) {
    image.remove();
    return;
  }
  image.classList.add("stand-in");
  image.src = mark();
}
