create table shop (
  bucket int not null,
  id bigint not null,
  owner bigint not null,
  slug text collate "C" not null,
  name text not null,
  description text not null,
  region text not null,
  currency text collate "C" not null,
  fee_basis_points int not null check (fee_basis_points between 0 and 10000),
  shipping_flat bigint not null check (shipping_flat >= 0),
  shipping_free_above bigint check (shipping_free_above >= 0),
  version int not null,
  created_at timestamptz not null,
  primary key (bucket, id)
);
create index shop_by_id on shop (id desc);

-- What was asked for with an idempotency key, in the bucket of the account that asked.
create table opened (
  bucket int not null,
  account bigint not null,
  key text collate "C" not null,
  shop bigint not null,
  primary key (bucket, account, key)
);
