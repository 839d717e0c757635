-- One-statement orders, as lean as they can be and still be orders: the limit that a checkout is held against.
create table product (id int primary key, shop int not null, title text not null, price int not null);
create table stock (sku int primary key, on_hand int not null check (on_hand >= 0));
create table orders (
  id bigint generated always as identity primary key, buyer int not null, total int not null,
  placed_at timestamptz not null
);
create index orders_by_buyer on orders (buyer, placed_at);
create table order_line (
  order_id bigint not null, line int not null, sku int not null, quantity int not null, price int not null,
  primary key (order_id, line)
);
create table outbox (id bigint generated always as identity primary key, body jsonb not null);
insert into product
select n, n % 60, 'Product ' || n || repeat(' of linen', 20), 1000 + n % 9000 from generate_series(1, 10000) n;
insert into stock select n, 1000000000 from generate_series(1, 10000) n;
create function place_order(buyer int, first int, second int) returns bigint language plpgsql as $$
declare placed bigint;
begin
  insert into orders (buyer, total, placed_at) values (buyer, 2000, now()) returning id into placed;
  insert into order_line values (placed, 1, first, 1, 1000), (placed, 2, second, 1, 1000);
  insert into outbox (body) values (jsonb_build_object('order', placed, 'buyer', buyer, 'total', 2000));
  update stock set on_hand = on_hand - 1 where sku = least(first, second);
  update stock set on_hand = on_hand - 1 where sku = greatest(first, second) and first <> second;
  return placed;
end $$;
analyze;
