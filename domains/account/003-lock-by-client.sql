-- Wrong passwords for an address (whether or not anybody has it), of each client and, where `client` is empty, of all
-- clients that are not known. Counts until `until`, then starts anew. In the bucket of the e-mail address, as the
-- directory. It takes the place of `attempt`, which processes of the release before still write.
create table guess (
  bucket int not null,
  email text collate "C" not null,
  client text collate "C" not null,
  failures int not null,
  until timestamptz not null,
  primary key (bucket, email, client)
);
create index guess_by_end on guess (until);

-- From where whoever has the address has signed in.
create table known_client (
  bucket int not null,
  email text collate "C" not null,
  client text collate "C" not null,
  until timestamptz not null,
  primary key (bucket, email, client)
);
create index known_client_by_end on known_client (until);

-- Counts one of p_client; or, where its count is full, answers when that ends.
create function count_one(
  p_bucket int, p_email text, p_client text, p_now timestamptz, p_end timestamptz, p_most int)
returns timestamptz language plpgsql as $$
declare
  ends timestamptz;
begin
  loop
    update guess g set failures = case when g.until <= p_now then 1 else g.failures + 1 end,
      until = case when g.until <= p_now or g.failures + 1 >= p_most then p_end else g.until end
      where g.bucket = p_bucket and g.email = p_email and g.client = p_client
        and (g.until <= p_now or g.failures < p_most);
    if found then
      return null;
    end if;
    insert into guess (bucket, email, client, failures, until) values (p_bucket, p_email, p_client, 1, p_end)
      on conflict do nothing;
    if found then
      return null;
    end if;
    select g.until into ends from guess g
      where g.bucket = p_bucket and g.email = p_email and g.client = p_client
        and g.until > p_now and g.failures >= p_most;
    if found then
      return ends;
    end if;
    -- Another has just changed or removed the row: once more.
  end loop;
end $$;

-- Counts a wrong password; or answers when the lock opens. The row that all share is taken last.
create function count_guess(
  p_bucket int, p_email text, p_client text, p_now timestamptz, p_end timestamptz, p_own_most int, p_all_most int)
returns timestamptz language plpgsql as $$
declare
  ends timestamptz;
begin
  ends := count_one(p_bucket, p_email, p_client, p_now, p_end, p_own_most);
  if ends is not null or exists (
    select 1 from known_client k
    where k.bucket = p_bucket and k.email = p_email and k.client = p_client and k.until > p_now) then
    return ends;
  end if;
  return count_one(p_bucket, p_email, '', p_now, p_end, p_all_most);
end $$;

-- Forgets the client's wrong passwords after a right one, and knows the client until p_known (null: there is none);
-- or answers when the lock opens. A client that is known is written anew only if that ended before p_renew.
create function forgive_guesses(
  p_bucket int, p_email text, p_client text, p_now timestamptz, p_own_most int, p_all_most int,
  p_known timestamptz, p_renew timestamptz)
returns timestamptz language plpgsql as $$
declare
  knows timestamptz;
  ends timestamptz;
begin
  select k.until into knows from known_client k
    where k.bucket = p_bucket and k.email = p_email and k.client = p_client;
  select max(g.until) into ends from guess g
    where g.bucket = p_bucket and g.email = p_email and g.until > p_now
      and (g.client = p_client and g.failures >= p_own_most
        or g.client = '' and g.failures >= p_all_most and (knows is null or knows <= p_now));
  if ends is not null then
    return ends;
  end if;
  delete from guess g where g.bucket = p_bucket and g.email = p_email and g.client = p_client;
  if p_known is null then
    return null;
  end if;
  if knows is null then
    insert into known_client (bucket, email, client, until) values (p_bucket, p_email, p_client, p_known)
      on conflict do nothing;
  elsif knows < p_renew then
    update known_client k set until = p_known
      where k.bucket = p_bucket and k.email = p_email and k.client = p_client;
  end if;
  return null;
end $$;

-- Removes what has ended from buckets p_from to p_to, up to p_most rows of each kind; answers how many of the most.
create function sweep_expired(p_from int, p_to int, p_now timestamptz, p_keys timestamptz, p_most int)
returns int language sql as $$
  with
  sessions as (
    delete from session where (bucket, id) in (
      select bucket, id from session where bucket between p_from and p_to and expires_at <= p_now
      limit p_most for update skip locked)
    returning 1),
  guesses as (
    delete from guess where (bucket, email, client) in (
      select bucket, email, client from guess where bucket between p_from and p_to and until <= p_now
      limit p_most for update skip locked)
    returning 1),
  attempts as (
    delete from attempt where (bucket, email) in (
      select bucket, email from attempt where bucket between p_from and p_to and until <= p_now
      limit p_most for update skip locked)
    returning 1),
  clients as (
    delete from known_client where (bucket, email, client) in (
      select bucket, email, client from known_client where bucket between p_from and p_to and until <= p_now
      limit p_most for update skip locked)
    returning 1),
  keys as (
    delete from address_key where (bucket, account, key) in (
      select bucket, account, key from address_key where bucket between p_from and p_to and at <= p_keys
      limit p_most for update skip locked)
    returning 1),
  addresses as (
    delete from removed_address where (bucket, account, id) in (
      select bucket, account, id from removed_address where bucket between p_from and p_to and at <= p_keys
      limit p_most for update skip locked)
    returning 1)
  select greatest(
    (select count(*) from sessions), (select count(*) from guesses), (select count(*) from attempts),
    (select count(*) from clients), (select count(*) from keys), (select count(*) from addresses))::int
$$;
