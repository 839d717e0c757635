import { Icon } from "./icon.tsx";

/**
 * A picture in a box whose shape is known before it loads, so that nothing jumps. `eager`: it is seen first, and the
 * browser should not wait for the layout to learn that. `instead` is shown by a script where the picture cannot be had.
 */
export function Picture(props: {
  src: string | null;
  alt: string;
  eager?: boolean;
  second?: string | null;
  instead?: string | null;
}) {
  if (!props.src)
    return (
      <div className="picture">
        <div className="no-picture">
          <Icon name="image-off" />
        </div>
      </div>
    );
  return (
    <div className={props.second ? "picture two" : "picture"}>
      <img
        src={props.src}
        alt={props.alt}
        width="600"
        height="600"
        decoding="async"
        loading={props.eager ? "eager" : "lazy"}
        fetchPriority={props.eager ? "high" : "auto"}
        data-instead={props.instead ?? undefined}
      />
      {props.second && (
        <img src={props.second} alt="" width="600" height="600" decoding="async" loading="lazy" />
      )}
    </div>
  );
}
