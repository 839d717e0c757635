-- Typing errors and parts of words are looked up by trigrams. Only this schema needs them, and its role
-- sees no other.
create extension if not exists pg_trgm;

-- Which generation of rows is read, and which one a rebuild is filling. One row, in bucket 0: a rebuild is
-- of everything.
create table generation (
  bucket int not null,
  reading int not null,
  building int,
  primary key (bucket)
);
insert into generation (bucket, reading) values (0, 1);

-- What a product is found, filtered, ranked and counted by, and nothing else: a search looks at hundreds of
-- these rows for the 24 that it shows, and pays for the pages they lie on (6 us for one that is not in the
-- database's memory). Words are kept as numbers (hashtext of the lexeme): 300 bytes a row against 800 with
-- a tsvector, and the index answers a text and its filters in one scan. A row without terms is a mark for a
-- rebuild: not published in this version.
--
-- Buckets are drawn evenly, so the first 16 or 128 are a fair sample of all. Where thousands of products
-- match, it is the sample that is ranked and counted, and having pages and an index of its own makes it
-- cheap.
create table product (
  bucket int not null,
  generation int not null,
  product bigint not null,
  version int not null,
  price bigint not null,
  terms int[] not null,
  -- What the facets count: numbers of categories, attributes and the step of the price.
  facets int[] not null,
  title_terms int[] not null,
  title_length int not null,
  -- The title in lower case, to be compared with what was typed.
  title text not null,
  primary key (bucket, generation, product)
) partition by range (bucket);
create table product_64th partition of product for values from (0) to (16);
create table product_8th partition of product for values from (16) to (128);
create table product_rest partition of product for values from (128) to (1024);
create index product_terms on product using gin (terms);
create index product_price on product (generation, price);

-- What a listing shows of a product, as the door answers it.
create table card (
  bucket int not null,
  generation int not null,
  product bigint not null,
  card json not null,
  primary key (bucket, generation, product)
);

-- The orders in which products are listed: all of them (''), those of each category above them, of their
-- shop.
create table shelf (
  bucket int not null,
  generation int not null,
  product bigint not null,
  shelf text collate "C" not null,
  price bigint not null,
  primary key (bucket, generation, product, shelf)
);
create index shelf_newest on shelf (generation, shelf, product desc) include (bucket, price);
create index shelf_price on shelf (generation, shelf, price, product desc) include (bucket);

-- What the numbers in `facets` mean. Never changes and never goes; in the bucket of its own number.
create table facet (
  bucket int not null,
  id int not null,
  lexeme text collate "C" not null,
  primary key (bucket, id)
);

-- Every word and pair of characters that a product has had: where typing errors are looked up, and
-- beginnings completed.
create table word (
  bucket int not null,
  word text collate "C" not null,
  primary key (bucket, word)
);
create index word_beginning on word (word);
create index word_part on word using gin (word gin_trgm_ops);

-- hashtext is not promised to stay as it is between versions of PostgreSQL, though it has since 8.4; a test
-- compares those we know. Should it change, a rebuild makes every number anew.
create function numbers_of(lexemes text[]) returns int[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct hashtext(lexeme)), '{}') from unnest(lexemes) as lexeme
$$;

create function stems_of(words text) returns text[] language sql immutable parallel safe as $$
  select tsvector_to_array(to_tsvector('pg_catalog.english', words))
$$;

-- A title is also found by the words that English stemming leaves out ("The Who").
create function title_numbers_of(words text, lexemes text[]) returns int[]
language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct hashtext(lexeme)), '{}') from unnest(lexemes
    || tsvector_to_array(to_tsvector('pg_catalog.english', words)) || array(
      select word from unnest(string_to_array(words, ' ')) as word
      where ts_lexize('pg_catalog.english_stem', word) = '{}')) as lexeme
$$;

-- What is asked for: stems, or the words themselves when all of them are such that stemming leaves out.
create function asked_numbers_of(words text, lexemes text[]) returns int[]
language sql immutable parallel safe as $$
  select numbers_of(lexemes || case when stems_of(words) <> '{}' then stems_of(words)
    else array_remove(regexp_split_to_array(words, ' '), '') end)
$$;

-- Words that a mistyped one may have been. Trigrams find the long ones; of a short word a slip leaves few
-- trigrams, so that it is compared with all of about its length and its first letter ($2: the end of those
-- words).
create function near_words(typed text, below text) returns table (word text) language sql stable as $$
  (select w.word from word w where w.bucket between 0 and 1023 and w.word % typed
   order by similarity(w.word, typed) desc limit 100)
  union
  (select w.word from word w where w.bucket between 0 and 1023 and length(typed) < 6
     and w.word >= left(typed, 1) and w.word < below
     and length(w.word) between length(typed) - 1 and length(typed) + 1 limit 2000)
$$;

-- Words that begin with what is typed (up to `below`), the shortest first, or else words that contain it.
create function words_with(typed text, below text) returns table (word text) language sql stable as $$
  with begun as materialized (
    select b.word from (select w.word from word w where w.bucket between 0 and 1023 and w.word >= typed
      and w.word < below order by w.word limit 300) as b order by length(b.word), b.word limit 16
  )
  select begun.word from begun
  union all
  (select w.word from word w where w.bucket between 0 and 1023 and length(typed) > 2
     and w.word like '%' || typed || '%' and not exists (select from begun)
   order by length(w.word), w.word limit 16)
$$;

-- The cards of titles that have every word and pair and, if a last word was begun, one that it may become;
-- looked for as widely as it takes to find eight. Those that begin with the phrase come first, then those
-- that contain it, the shortest first.
create function titles_with(words text, pairs text[], typed text, below text, phrase text, most int)
returns table (card json) language sql stable as $$
  with asked as materialized (
    select reading, terms, case typed when '' then terms else numbers_of(stems_of(
      (select string_agg(w.word, ' ') from words_with(typed, below) as w))) end as endings
    from generation cross join lateral (select asked_numbers_of(words, pairs) as terms) as t where bucket = 0
  ), matching as not materialized (
    select p.bucket, p.product, title_length,
      case strpos(title, phrase) when 1 then 0 when 0 then 2 else 1 end as place
    from product p where p.bucket between 0 and 1023 and generation = (select reading from asked)
      and p.terms @> (select terms from asked) and title_terms @> (select terms from asked)
      and p.terms && (select asked.endings from asked) and title_terms && (select asked.endings from asked)
  ), few as materialized (
    select * from matching where bucket < 16 limit 100
  ), more as materialized (
    select * from few union all
    (select * from matching where bucket between 16 and 127 and (select count(*) from few) < 8 limit 200)
  ), hit as (
    select * from more union all
    (select * from matching where bucket > 127 and (select count(*) from more) < 8 limit 400)
    order by place, title_length, product desc limit most
  )
  select c.card from hit join card c using (bucket, product) where c.generation = (select reading from asked)
  order by place, title_length, hit.product desc
$$;
