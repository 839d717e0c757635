-- Carries reservations on: `release` and `sell` end a held one, `return` takes back a sold one, or a held one whose
-- sale is yet to be heard of and will then find it returned: whichever comes first, the end is the same. Releasing an
-- unknown one leaves a tombstone, so that a reserve that comes late is refused. What was carried on already stays. A
-- reservation may be named once. How many were carried on.
create or replace function settle_each(
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
        select h.bucket, h.id, h.state as was, each.verb
        from unnest(in_buckets, in_ids, in_verbs) as each (bucket, id, verb)
        join reservation h on h.bucket = each.bucket and h.id = each.id
        where h.state = 'held' or (h.state = 'sold' and each.verb = 'return')
        order by h.bucket, h.id for update of h
      ) as l
      where r.bucket = l.bucket and r.id = l.id
      returning r.bucket, r.sku, r.quantity, case when l.was = 'sold' then 'return' when l.verb = 'sell' then 'sell'
        else 'release' end as effect
    )
    select bucket, sku, count(*)::int as many,
      coalesce(sum(quantity) filter (where effect = 'release'), 0)::int as released,
      coalesce(sum(quantity) filter (where effect = 'sell'), 0)::int as sold,
      coalesce(sum(quantity) filter (where effect = 'return'), 0)::int as returned
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

-- No reaction of inventory's asks for the order of order's events any more.
delete from applied where source = 'order';
