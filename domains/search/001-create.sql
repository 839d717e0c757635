-- Typing errors are looked up by trigrams. Only this schema needs them, and its role sees no other.
create extension if not exists pg_trgm;

-- Which generation of rows is read, and which one a rebuild is filling. One row, in bucket 0: a rebuild is of everything.
create table generation (
  bucket int not null,
  reading int not null,
  building int,
  primary key (bucket)
);
insert into generation (bucket, reading) values (0, 1);

-- A published product as search sees it. A row without a card is a mark left for a rebuild: this version is not published.
create table product (
  bucket int not null,
  generation int not null,
  product bigint not null,
  version int not null,
  price bigint not null,
  -- The title in lower case, as typed text is compared with it.
  title text not null,
  title_length int not null,
  title_words tsvector not null,
  -- All one can find it by: words, pairs of Chinese characters, and what filters ask for (see words.ts).
  words tsvector not null,
  categories text[] not null,
  attributes text[] not null,
  card json,
  primary key (bucket, generation, product)
);
create index product_words on product using gin (words);

-- The orders in which products are listed: all of them (''), of each category above them, of their shop.
create table shelf (
  bucket int not null,
  generation int not null,
  shelf text collate "C" not null,
  product bigint not null,
  price bigint not null,
  primary key (bucket, generation, product, shelf)
);
create index shelf_newest on shelf (generation, shelf, product desc) include (bucket);
create index shelf_price on shelf (generation, shelf, price, product desc) include (bucket);
