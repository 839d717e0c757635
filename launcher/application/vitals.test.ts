import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, parseVitals, type Vitals } from "./vitals.ts";

const nothing: Vitals = { requests: 0, failures: 0, seconds: 0 };
const usual: Vitals = { requests: 1_000, failures: 1, seconds: 10 };

test("the vitals are summed over methods, routes and statuses; overload is no failure", () => {
  const text = [
    'storey_http_request_seconds_bucket{le="0.1",method="GET",route="/",status="200"} 3',
    'storey_http_request_seconds_sum{method="GET",route="/",status="200"} 0.25',
    'storey_http_request_seconds_count{method="GET",route="/",status="200"} 5',
    'storey_http_request_seconds_count{method="POST",route="/a",status="500"} 2',
    'storey_http_request_seconds_count{method="POST",route="/a",status="503"} 7',
    "",
  ].join("\n");
  assert.deepEqual(parseVitals(text), { requests: 14, failures: 2, seconds: 0.25 });
});

test("a release that fails, or has become slow, is found out; one that is as before is not", () => {
  const after = (now: Partial<Vitals>) => judge({ before: nothing, now: { ...nothing, ...now }, usual });
  assert.equal(after({ requests: 100, failures: 0, seconds: 1 }), undefined);
  assert.match(after({ requests: 100, failures: 5, seconds: 1 }) ?? "", /5.0 % of 100 answers/);
  assert.match(after({ requests: 100, failures: 0, seconds: 30 }) ?? "", /takes 300 ms, and took 10 ms/);
  // Too few to say anything.
  assert.equal(after({ requests: 10, failures: 10, seconds: 1 }), undefined);
});
