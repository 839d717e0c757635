-- The product page is one point read: `doc` is the product as the door answers it. It is `json`, not `jsonb`:
-- it is written whole and read whole, the text passes through, and option names keep the merchant's order.
create table product (
  bucket int not null,
  id bigint not null,
  shop bigint not null,
  handle text collate "C" not null,
  status text collate "C" not null check (status in ('draft', 'published', 'archived')),
  version int not null,
  -- Of the draft that an import brought; null once somebody changed the product by hand.
  digest text collate "C",
  doc json not null,
  primary key (bucket, id)
);
create index product_by_id on product (id);

-- A SKU lies in its product's bucket. `offer` is what cart and order must know of it, written with the
-- product in one statement, so that they read 300 bytes a line and not every product whole. Rows stay when a
-- SKU is sold no more: its id never names another.
create table sku (
  bucket int not null,
  id bigint not null,
  product bigint not null,
  code text collate "C" not null,
  sold boolean not null,
  offer json not null,
  primary key (bucket, id),
  unique (bucket, product, code)
);

-- In the shop's bucket: which product a handle means, decided before the product is made, so that importing
-- twice at once makes one; and the list of the shop's products. `listed` follows by catalog's own events.
create table handle (
  bucket int not null,
  shop bigint not null,
  handle text collate "C" not null,
  product bigint not null,
  -- The idempotency key that a product was made with by hand.
  key text collate "C",
  listed boolean not null,
  primary key (bucket, shop, handle),
  unique (bucket, shop, product),
  unique (bucket, shop, key)
);
create index handle_listed on handle (bucket, shop, product) where listed;

-- A few hundred rows that every server has whole: not split.
create table category (
  slug text collate "C" primary key,
  parent text collate "C",
  name text not null,
  name_zh text not null,
  position int not null,
  image text
);

-- Each statement of a function sees what was committed before it, also by who held the same handle until now;
-- the common table expressions of one statement would not.
create function claim_handles(p_bucket int, p_shop bigint, p_handles text[], p_products bigint[])
returns table (handle text, product bigint) language plpgsql as $$
#variable_conflict use_column
begin
  insert into handle (bucket, shop, handle, product, listed)
  select p_bucket, p_shop, a.handle, a.product, false
  from unnest(p_handles, p_products) as a (handle, product) order by a.handle
  on conflict do nothing;
  return query select h.handle, h.product from handle h
    where h.bucket = p_bucket and h.shop = p_shop and h.handle = any (p_handles);
end $$;

create function claim_by_key(
  p_bucket int, p_shop bigint, p_key text, p_wanted text, p_otherwise text, p_product bigint
) returns table (handle text, product bigint) language plpgsql as $$
#variable_conflict use_column
begin
  insert into handle (bucket, shop, handle, product, key, listed)
  values (p_bucket, p_shop, p_wanted, p_product, p_key, false) on conflict do nothing;
  if not found then
    insert into handle (bucket, shop, handle, product, key, listed)
    values (p_bucket, p_shop, p_otherwise, p_product, p_key, false) on conflict do nothing;
  end if;
  return query select h.handle, h.product from handle h
    where h.bucket = p_bucket and h.shop = p_shop and h.key = p_key;
end $$;
