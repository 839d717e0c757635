import assert from "node:assert/strict";
import { test } from "node:test";
import { answeredWithin, applicationNumbers } from "./application-numbers.ts";

test("an application's numbers are summed over routes, without those of who watches", () => {
  const text = [
    "# TYPE storey_http_request_seconds histogram",
    'storey_http_request_seconds_bucket{le="0.01",method="GET",route="/",status="200"} 3',
    'storey_http_request_seconds_bucket{le="0.01",method="GET",route="/p/:id",status="200"} 4',
    'storey_http_request_seconds_sum{method="GET",route="/",status="200"} 0.25',
    'storey_http_request_seconds_sum{method="GET",route="/console",status="200"} 3',
    'storey_http_request_seconds_count{method="GET",route="/",status="200"} 5',
    'storey_http_request_seconds_count{method="POST",route="/a",status="500"} 2',
    'storey_http_request_seconds_count{method="POST",route="/a",status="503"} 7',
    'storey_http_request_seconds_count{method="GET",route="/api/v1/operations/health",status="200"} 900',
    'storey_http_request_seconds_count{method="GET",route="/console",status="200"} 90',
    'storey_http_request_seconds_count{method="GET",route="/metrics",status="200"} 90',
    'storey_business_total{what="order_placed"} 6',
    'storey_business_total{what="order_paid"} 60',
    'storey_events_waiting{domain="search",box="inbox"} 2',
    'storey_events_waiting{domain="order",box="outbox"} 3',
    'storey_events_oldest_seconds{domain="search",box="inbox"} 1.5',
    'storey_events_oldest_seconds{domain="order",box="outbox"} 0.5',
    "storey_errors_logged_total 4",
    "",
  ].join("\n");
  assert.deepEqual(applicationNumbers(text), {
    requests: 14,
    failures: 2,
    answerSeconds: 0.25,
    [`${answeredWithin}0.01`]: 7,
    ordersPlaced: 6,
    eventsWaiting: 5,
    oldestEventSeconds: 1.5,
    errorsLogged: 4,
  });
});
