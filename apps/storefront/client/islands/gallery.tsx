import { Picture } from "../components/picture.tsx";

/** More small pictures than this would push what matters out of sight. */
const MOST_SMALL = 8;

/** The shown picture and the small ones to pick it by; without scripts a small one leads to its file. */
export function Gallery(props: {
  images: readonly { readonly url: string; readonly alt: string }[];
  shown: number;
  instead: string | null;
  onShow(index: number): void;
}) {
  const shown = props.images[props.shown];
  const first = Math.max(0, Math.min(props.shown - MOST_SMALL + 1, props.images.length - MOST_SMALL));
  return (
    <div className="gallery">
      <div className="gallery-shown">
        <Picture src={shown?.url ?? null} alt={shown?.alt ?? ""} eager instead={props.instead} />
      </div>
      {props.images.length > 1 && (
        <ul className="gallery-small">
          {props.images.slice(first, first + MOST_SMALL).map(({ url }, offset) => {
            const index = first + offset;
            return (
              <li key={url}>
                <a
                  href={url}
                  aria-label={`Picture ${index + 1} of ${props.images.length}`}
                  aria-current={index === props.shown ? true : undefined}
                  onClick={(event) => {
                    event.preventDefault();
                    props.onShow(index);
                  }}
                >
                  <img
                    src={url}
                    alt=""
                    width="80"
                    height="80"
                    decoding="async"
                    data-instead={props.instead ?? undefined}
                  />
                </a>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
