-- Slot 0 holds everything until a SKU is hot or has a share per data centre; warehouse 0 is the only one so far.
create table stock (
  bucket int not null,
  sku bigint not null,
  warehouse int not null,
  slot int not null,
  shop bigint not null,
  on_hand int not null,
  reserved int not null,
  received int not null,
  sold int not null,
  -- Counts what the merchant said, not what was sold: two people who edit must notice each other.
  version int not null,
  primary key (bucket, sku, warehouse, slot),
  constraint never_negative check (reserved >= 0 and sold >= 0 and on_hand >= reserved),
  constraint adds_up check (on_hand = received - sold)
);

create table reservation (
  bucket int not null,
  id bigint not null,
  sku bigint not null,
  checkout bigint not null,
  quantity int not null check (quantity > 0),
  state text collate "C" not null check (state in ('held', 'sold', 'released', 'returned', 'refused')),
  changed_at timestamptz not null,
  primary key (bucket, id)
);
create index reservation_by_id on reservation (id);

-- Reserves lines of one bucket, in the order of their SKUs so that two callers never wait for each other, the contended
-- stock row last. A reservation that exists answers as it was decided. `lines_left` is what can still be bought.
create function reserve(
  in_bucket int, in_checkout bigint, in_at timestamptz, in_ids bigint[], in_skus bigint[], in_quantities int[]
) returns table (line_id bigint, line_reserved boolean, line_left int) language plpgsql as $$
declare
  line record;
  decided text;
begin
  for line in
    select * from unnest(in_ids, in_skus, in_quantities) as l (id, sku, quantity) order by l.sku, l.id
  loop
    line_id := line.id;
    insert into reservation (bucket, id, sku, checkout, quantity, state, changed_at)
    values (in_bucket, line.id, line.sku, in_checkout, line.quantity, 'held', in_at)
    on conflict do nothing;
    if found then
      update stock s set reserved = s.reserved + line.quantity
      where s.bucket = in_bucket and s.sku = line.sku and s.warehouse = 0 and s.slot = 0
        and s.on_hand - s.reserved >= line.quantity
      returning s.on_hand - s.reserved into line_left;
      line_reserved := found;
      if not found then
        update reservation r set state = 'refused' where r.bucket = in_bucket and r.id = line.id;
      end if;
    else
      select r.state into decided from reservation r where r.bucket = in_bucket and r.id = line.id;
      line_reserved := decided in ('held', 'sold');
    end if;
    if not line_reserved or line_left is null then
      select s.on_hand - s.reserved into line_left from stock s
      where s.bucket = in_bucket and s.sku = line.sku and s.warehouse = 0 and s.slot = 0;
      line_left := coalesce(line_left, 0);
    end if;
    return next;
    line_left := null;
  end loop;
end $$;

-- Carries reservations on: `release` and `sell` end a held one, `return` takes back a sold one. Releasing an unknown
-- one leaves a tombstone, so that a reserve that comes late is refused. What was carried on already stays.
create function settle(
  in_at timestamptz, in_buckets int[], in_checkouts bigint[], in_ids bigint[], in_skus bigint[],
  in_quantities int[], in_verbs text[]
) returns int language plpgsql as $$
declare
  line record;
  done int := 0;
begin
  for line in
    select * from unnest(in_buckets, in_checkouts, in_ids, in_skus, in_quantities, in_verbs)
      as l (bucket, checkout, id, sku, quantity, verb) order by l.bucket, l.sku, l.id
  loop
    if line.verb = 'release' then
      insert into reservation (bucket, id, sku, checkout, quantity, state, changed_at)
      values (line.bucket, line.id, line.sku, line.checkout, line.quantity, 'released', in_at)
      on conflict do nothing;
      if found then continue; end if;
    end if;
    update reservation r
    set state = case line.verb when 'release' then 'released' when 'sell' then 'sold' else 'returned' end,
      changed_at = in_at
    where r.bucket = line.bucket and r.id = line.id
      and r.state = case line.verb when 'return' then 'sold' else 'held' end;
    if not found then continue; end if;
    update stock s set
      reserved = s.reserved - case line.verb when 'return' then 0 else line.quantity end,
      on_hand = s.on_hand + case line.verb when 'sell' then -line.quantity when 'return' then line.quantity else 0 end,
      sold = s.sold + case line.verb when 'sell' then line.quantity when 'return' then -line.quantity else 0 end
    where s.bucket = line.bucket and s.sku = line.sku and s.warehouse = 0 and s.slot = 0;
    done := done + 1;
  end loop;
  return done;
end $$;
