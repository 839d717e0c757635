import { createServer } from "node:http";

/** Run as a process of its own: the least a server of Node can do, with a body as large as a product's. */
const body = JSON.stringify({
  id: "0123456789abc",
  title: "Harbour Linen Shirt",
  description: "x".repeat(300),
  price: { amount: 4900, currency: "USD" },
  options: [{ name: "Size", values: ["S", "M", "L", "XL"] }],
});
const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address && typeof address === "object") console.log(address.port);
});
process.once("disconnect", () => process.exit(0));
