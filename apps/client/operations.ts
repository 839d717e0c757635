import { operationsDoor } from "#apps/operator/api";
import { accountDoor } from "#domains/account/api";
import { cartDoor } from "#domains/cart/api";
import { catalogDoor } from "#domains/catalog/api";
import { inventoryDoor } from "#domains/inventory/api";
import { orderDoor } from "#domains/order/api";
import { paymentDoor } from "#domains/payment/api";
import { searchDoor } from "#domains/search/api";
import { settlementDoor } from "#domains/settlement/api";
import { shopDoor } from "#domains/shop/api";
import type { DoorSpec, Method, Operation } from "#kernel/door";

/** The declarations from which routes, the OpenAPI document and the table of problems are made. */
export const doorSpecs: readonly DoorSpec[] = [
  accountDoor,
  shopDoor,
  catalogDoor,
  searchDoor,
  inventoryDoor,
  cartDoor,
  orderDoor,
  paymentDoor,
  settlementDoor,
  operationsDoor,
];

/** A public operation with its route taken apart. */
export interface PublicOperation {
  readonly domain: string;
  readonly name: string;
  readonly operation: Operation;
  readonly method: Method;
  /** As in the door: `/orders/{id}`. */
  readonly path: string;
  readonly pathNames: readonly string[];
}

/** Every operation that has a route, in the order of the doors. */
export function publicOperations(): PublicOperation[] {
  return doorSpecs.flatMap((spec) =>
    Object.entries(spec.operations).flatMap(([name, operation]): PublicOperation[] => {
      if (!operation.http) return [];
      const [method = "", path = ""] = operation.http.split(" ");
      const pathNames = [...path.matchAll(/\{(\w+)\}/g)].map(([, found = ""]) => found);
      return [{ domain: spec.name, name, operation, method: method as Method, path, pathNames }];
    }),
  );
}

interface ObjectSchema {
  readonly properties: Record<string, object>;
  readonly required?: readonly string[];
}

/** The part of an operation's input that travels in one place; undefined when nothing does. */
export function inputPart(
  operation: Operation,
  keep: (name: string) => boolean,
):
  | { type: "object"; properties: Record<string, object>; required: string[]; additionalProperties: false }
  | undefined {
  const { properties, required = [] } = operation.input as unknown as ObjectSchema;
  const kept = Object.entries(properties).filter(([name]) => keep(name));
  if (kept.length === 0) return undefined;
  return {
    type: "object",
    properties: Object.fromEntries(kept),
    required: required.filter(keep),
    additionalProperties: false,
  };
}

/** Whether what is not in the path travels in the query. */
export const inQuery = (method: Method): boolean => method === "GET" || method === "DELETE";
