import type { ComponentType } from "react";
import { renderToString } from "react-dom/server";

/**
 * A part of a page that comes to life in the browser: drawn here by itself, so that what the browser draws first is
 * the same to the letter, with what it needs in a JSON block beside it.
 */
export function Island<View extends object>(props: {
  name: string;
  component: ComponentType<{ view: View }>;
  view: View;
}) {
  const { component: Component, view } = props;
  const state = JSON.stringify(view).replaceAll("<", "\\u003c");
  return (
    <div data-island={props.name}>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: React's own markup */}
      <div dangerouslySetInnerHTML={{ __html: renderToString(<Component view={view} />) }} />
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: JSON whose every < is escaped */}
      <script type="application/json" dangerouslySetInnerHTML={{ __html: state }} />
    </div>
  );
}
