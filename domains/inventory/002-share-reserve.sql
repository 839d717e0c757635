-- reserve and settle of 001 do a bucket's lines one by one; processes of the version before still call them. These do
-- the lines of any number of callers, of all buckets of a server, in steps that cost by SKU and not by line. All lock
-- reservations first and stock last, each in the order of their keys, so that no two wait for each other.

-- Half of each page stays free: a stock row that is updated in place leaves its index alone.
alter table stock set (fillfactor = 50);

-- Reserves each line by itself, in the order given: one that asks for too much is refused, and those behind it get
-- theirs. A reservation that exists, also one from further ahead in the same call, answers as it was decided.
-- `remaining` is what could still be bought then.
create function reserve_each(
  in_at timestamptz, in_buckets int[], in_checkouts bigint[], in_ids bigint[], in_skus bigint[], in_quantities int[]
) returns table (line int, got boolean, remaining int) language plpgsql as $$
declare
  lines int := cardinality(in_ids);
  made bigint[];
  -- The lines whose reservations are new, those of one stock row beside each other.
  fresh int[];
  first int := 1;
  last int;
  wanted int;
  enough boolean;
  refused bigint[];
begin
  with new as (
    insert into reservation (bucket, id, sku, checkout, quantity, state, changed_at)
    select bucket, id, sku, checkout, quantity, 'held', in_at
    from unnest(in_buckets, in_checkouts, in_ids, in_skus, in_quantities) as l (bucket, checkout, id, sku, quantity)
    order by bucket, id
    on conflict do nothing returning id
  )
  select coalesce(array_agg(id), '{}') into made from new;
  if cardinality(made) = lines then
    select array_agg(place order by bucket, sku, place) into fresh
    from unnest(in_buckets, in_skus) with ordinality as l (bucket, sku, place);
  else
    select coalesce(array_agg(place order by bucket, sku, place), '{}') into fresh from (
      select distinct on (id) * from unnest(in_buckets, in_ids, in_skus) with ordinality as l (bucket, id, sku, place)
      where id = any(made) order by id, place
    ) as l;
  end if;
  while first <= cardinality(fresh) loop
    line := fresh[first];
    wanted := in_quantities[line];
    last := first;
    while in_skus[fresh[last + 1]] = in_skus[line] loop
      last := last + 1;
      wanted := wanted + in_quantities[fresh[last]];
    end loop;
    update stock s set reserved = s.reserved + wanted
    where s.bucket = in_buckets[line] and s.sku = in_skus[line] and s.warehouse = 0 and s.slot = 0
      and s.on_hand - s.reserved >= wanted
    returning s.on_hand - s.reserved into remaining;
    enough := found;
    if not enough then
      select s.on_hand - s.reserved into remaining from stock s
      where s.bucket = in_buckets[line] and s.sku = in_skus[line] and s.warehouse = 0 and s.slot = 0
      for no key update;
      remaining := coalesce(remaining, 0);
      wanted := 0;
      refused := '{}';
    end if;
    for i in first..last loop
      line := fresh[i];
      got := enough or in_quantities[line] <= remaining;
      if not got then
        refused := refused || in_ids[line];
      elsif not enough then
        remaining := remaining - in_quantities[line];
        wanted := wanted + in_quantities[line];
      end if;
      return next;
    end loop;
    if not enough then
      update reservation r set state = 'refused' where r.bucket = in_buckets[line] and r.id = any(refused);
      if wanted > 0 then
        update stock s set reserved = s.reserved + wanted
        where s.bucket = in_buckets[line] and s.sku = in_skus[line] and s.warehouse = 0 and s.slot = 0;
      end if;
    end if;
    first := last + 1;
  end loop;
  if cardinality(fresh) = lines then return; end if;
  return query
    select l.place::int, r.state in ('held', 'sold'), coalesce(s.on_hand - s.reserved, 0)
    from unnest(in_buckets, in_ids, in_skus) with ordinality as l (bucket, id, sku, place)
    join reservation r on r.bucket = l.bucket and r.id = l.id
    left join stock s on s.bucket = l.bucket and s.sku = l.sku and s.warehouse = 0 and s.slot = 0
    where l.place <> all(fresh);
end $$;

-- Carries reservations on: `release` and `sell` end a held one, `return` takes back a sold one. Releasing an unknown
-- one leaves a tombstone, so that a reserve that comes late is refused. What was carried on already stays. A
-- reservation may be named once. How many were carried on.
create function settle_each(
  in_at timestamptz, in_buckets int[], in_checkouts bigint[], in_ids bigint[], in_skus bigint[],
  in_quantities int[], in_verbs text[]
) returns int language plpgsql as $$
declare
  change record;
  done int := 0;
begin
  if 'release' = any(in_verbs) then
    insert into reservation (bucket, id, sku, checkout, quantity, state, changed_at)
    select bucket, id, sku, checkout, quantity, 'released', in_at
    from unnest(in_buckets, in_checkouts, in_ids, in_skus, in_quantities, in_verbs)
      as l (bucket, checkout, id, sku, quantity, verb)
    where verb = 'release' order by bucket, id
    on conflict do nothing;
  end if;
  for change in
    with moved as (
      update reservation r
      set state = case l.verb when 'release' then 'released' when 'sell' then 'sold' else 'returned' end,
        changed_at = in_at
      from (
        select * from unnest(in_buckets, in_ids, in_verbs) as each (bucket, id, verb) order by bucket, id
      ) as l
      where r.bucket = l.bucket and r.id = l.id and r.state = case l.verb when 'return' then 'sold' else 'held' end
      returning r.bucket, r.sku, r.quantity, l.verb
    )
    select bucket, sku, count(*)::int as many,
      coalesce(sum(quantity) filter (where verb = 'release'), 0)::int as released,
      coalesce(sum(quantity) filter (where verb = 'sell'), 0)::int as sold,
      coalesce(sum(quantity) filter (where verb = 'return'), 0)::int as returned
    from moved group by bucket, sku order by bucket, sku
  loop
    update stock s set
      reserved = s.reserved - change.released - change.sold,
      on_hand = s.on_hand - change.sold + change.returned,
      sold = s.sold + change.sold - change.returned
    where s.bucket = change.bucket and s.sku = change.sku and s.warehouse = 0 and s.slot = 0;
    done := done + change.many;
  end loop;
  return done;
end $$;
