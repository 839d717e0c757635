import type { ErrorView } from "../model.ts";

export function ErrorPage({ view }: { view: ErrorView }) {
  return (
    <div className="wrap">
      <div className="empty error-page">
        <svg className="mark" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
          <path d="M2 17h20v5H2zM2 9.5h15v5H2z" />
          <path d="M12.5 1.5l9.4 3.400-1.700 4.700-9.4-3.400z" opacity="0.45" />
        </svg>
        <h1>{view.heading}</h1>
        <p className="soft">{view.text}</p>
        <p className="empty-links">
          {view.links.map((link, index) => (
            <a key={link.href} className={index === 0 ? "button" : "button quiet"} href={link.href}>
              {link.label}
            </a>
          ))}
        </p>
        {view.trace && (
          <p className="soft small">
            If you write to us about it, name this number: <code>{view.trace}</code>
          </p>
        )}
      </div>
    </div>
  );
}
