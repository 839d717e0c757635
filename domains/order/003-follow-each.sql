-- Brings shops' views of their orders up to what was told of these, in whatever order and however often it comes. An
-- order that is not new is there nearly always, so it is looked for first; the last step sees the row for which the
-- insert before it may have waited.
create function follow_each(in_buckets int[], in_shops bigint[], in_ids bigint[], in_states text[], in_versions int[])
returns void language plpgsql as $$
declare
  moved int;
begin
  for attempt in 1..2 loop
    if attempt = 2 or 1 < all(in_versions) then
      update shop_order o set state = e.state, version = e.version from (
        select distinct on (bucket, shop, id) *
        from unnest(in_buckets, in_shops, in_ids, in_states, in_versions) as e (bucket, shop, id, state, version)
        order by bucket, shop, id, version desc
      ) as e
      where o.bucket = e.bucket and o.shop = e.shop and o.id = e.id and o.version < e.version;
      get diagnostics moved = row_count;
      if attempt = 2 or moved = cardinality(in_ids) then return; end if;
    end if;
    insert into shop_order (bucket, shop, id, state, version)
    select distinct on (bucket, shop, id) *
    from unnest(in_buckets, in_shops, in_ids, in_states, in_versions) as e (bucket, shop, id, state, version)
    order by bucket, shop, id, version desc
    on conflict do nothing;
    get diagnostics moved = row_count;
    -- Each was new, and named once.
    if moved = cardinality(in_ids) then return; end if;
  end loop;
end $$;
