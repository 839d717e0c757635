import type { Money } from "#kernel/money";
import { priceText, timeText } from "../format.ts";
import type { Link, Notice } from "../said.ts";
import { Icon } from "./icon.tsx";

/** A price, and what it was before a reduction. */
export function Price(props: {
  price: Money;
  to?: Money | undefined;
  was?: Money | undefined;
  large?: boolean;
}) {
  const { price, to, was, large } = props;
  return (
    <span className={large ? "price large" : "price"}>
      {to && <span className="price-from">from </span>}
      {was ? (
        <>
          <span className="unseen">Now </span>
          <span className="price-reduced">{priceText(price)}</span>{" "}
          <s className="price-was">
            <span className="unseen">before </span>
            {priceText(was)}
          </s>
        </>
      ) : (
        priceText(price)
      )}
    </span>
  );
}

export function Time({ at, precision = "moment" }: { at: string; precision?: "day" | "moment" }) {
  return (
    <time dateTime={at} data-precision={precision}>
      {timeText(at, precision)}
    </time>
  );
}

const icons = { good: "circle-check", bad: "circle-alert", calm: "info" } as const;

/** What just happened. Bad news is read out at once, good news when there is a pause. */
export function NoticeBox({ notice }: { notice: Notice }) {
  return (
    <div className={`notice ${notice.tone}`} role={notice.tone === "bad" ? "alert" : "status"}>
      <Icon name={icons[notice.tone]} />
      <div>
        <strong>{notice.title}</strong>
        {notice.text && <p>{notice.text}</p>}
        {notice.link && <a href={notice.link.href}>{notice.link.label}</a>}
      </div>
    </div>
  );
}

/** Where one is, from the top of the shop down to here. */
export function Trail({ links }: { links: readonly Link[] }) {
  if (links.length === 0) return null;
  return (
    <nav className="trail small" aria-label="Breadcrumb">
      <ol>
        {links.map((link, index) => (
          <li key={link.href}>
            {index > 0 && <Icon name="chevron-right" />}
            <a href={link.href}>{link.label}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
