-- Whose an e-mail address is: a directory in the bucket of the lower-cased address, because an account's own
-- bucket is drawn at random. `finished` turns true once the account's row exists.
create table directory (
  bucket int not null,
  email text collate "C" not null,
  account bigint not null,
  claimed_at timestamptz not null,
  finished boolean not null,
  primary key (bucket, email)
);

-- No check constraints here nor on session: a violated one puts the whole row, secrets included, into the
-- logs.
create table account (
  bucket int not null,
  id bigint not null,
  email text collate "C" not null,
  name text not null,
  password_hash text collate "C" not null,
  operator boolean not null,
  -- Whose staff the account is, in the row, so that resolving a session stays one point read.
  shops bigint[] not null,
  created_at timestamptz not null,
  primary key (bucket, id)
);

create table session (
  bucket int not null,
  id bigint not null,
  account bigint not null,
  secret_digest text collate "C" not null,
  expires_at timestamptz not null,
  primary key (bucket, id)
);
create index session_by_expiry on session (expires_at);

-- Wrong passwords, counted per address whether or not anybody has it, in the bucket of the address: the
-- lock-out must not tell which addresses have accounts. Counts until `until`, then starts anew.
create table attempt (
  bucket int not null,
  email text collate "C" not null,
  failures int not null,
  until timestamptz not null,
  primary key (bucket, email)
);
create index attempt_by_end on attempt (until);

-- The fields are read and written as a whole and never searched by.
create table address (
  bucket int not null,
  account bigint not null,
  id bigint not null,
  fields jsonb not null,
  primary key (bucket, account, id)
);

-- Which address an idempotency key added.
create table address_key (
  bucket int not null,
  account bigint not null,
  key text collate "C" not null,
  address bigint not null,
  at timestamptz not null,
  primary key (bucket, account, key)
);
create index address_key_by_time on address_key (at);

-- Adds an address unless the key has added one ('known', with its fields as they now are, or null once
-- removed), there are too many ('full'), or the id is another's ('taken').
create function add_address(
  p_bucket int, p_account bigint, p_key text, p_id bigint, p_fields jsonb, p_at timestamptz, p_most int)
returns table (outcome text, address bigint, fields jsonb) language plpgsql as $$
begin
  -- The account's row lines additions up; what follows sees those before it.
  perform 1 from account a where a.bucket = p_bucket and a.id = p_account for no key update;
  return query select 'known', k.address, a.fields from address_key k
    left join address a on a.bucket = k.bucket and a.account = k.account and a.id = k.address
    where k.bucket = p_bucket and k.account = p_account and k.key = p_key;
  if found then
    return;
  end if;
  if (select count(*) from address a where a.bucket = p_bucket and a.account = p_account) >= p_most then
    return query select 'full', p_id, p_fields;
    return;
  end if;
  insert into address (bucket, account, id, fields) values (p_bucket, p_account, p_id, p_fields)
    on conflict do nothing;
  if not found then
    return query select 'taken', p_id, p_fields;
    return;
  end if;
  insert into address_key (bucket, account, key, address, at) values (p_bucket, p_account, p_key, p_id, p_at);
  return query select 'added', p_id, p_fields;
end $$;
