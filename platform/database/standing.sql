-- What a server says of itself to the shop's processes: which data it holds, whether it follows another, on which
-- timeline, and how far it has come. A domain's role may ask this and nothing else of the server.
do $$ begin
  if to_regprocedure('platform.standing_1()') is not null then return; end if;
  create schema if not exists platform;
  -- Of this database of this cluster: a restore and a move make another, where positions of this one mean nothing.
  create table if not exists platform.incarnation (
    name text collate "C" primary key check (name ~ '^[0-9a-f]{8}$'));
  insert into platform.incarnation
    select substr(md5(concat(c.system_identifier, ' ', d.oid)), 1, 8)
    from pg_control_system() c, pg_database d
    where d.datname = current_database() and not exists (select from platform.incarnation);
  create function platform.standing_1(
    out incarnation text, out follows boolean, out timeline bigint, out reached text, out history text
  ) language plpgsql stable security definer set search_path = pg_catalog as $standing$
  begin
    select i.name into incarnation from platform.incarnation i;
    follows := pg_is_in_recovery();
    if follows then
      -- The position before the timeline: what was replayed between the two lies on the newer one too.
      reached := pg_last_wal_replay_lsn();
      -- What is received continues what was replayed, else it would be refused. Without a sender: the timeline that the
      -- control file has seen, which may be an older one and never one that was not followed.
      select r.received_tli into timeline from pg_stat_wal_receiver r where r.status = 'streaming';
      if not found then
        select nullif(c.min_recovery_end_timeline, 0) into timeline from pg_control_recovery() c;
      end if;
    else
      reached := pg_current_wal_flush_lsn();
      timeline := ('x' || substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8))::bit(32)::bigint;
    end if;
    if timeline > 1 then
      history := pg_read_file(format('pg_wal/%s.history', lpad(upper(to_hex(timeline)), 8, '0')), 0, 65536, true);
    end if;
  end $standing$;
  grant usage on schema platform to public;
end $$;
