-- What a migration must remember lives at the destination, so that any machine can go on with it.
-- Every table is keyed by slot: several migrations may share a destination. All statements can be
-- run again. Works from PostgreSQL 9.4 on.
CREATE SCHEMA IF NOT EXISTS warp;

-- One row a migration: where it comes from, how far it is, and the rules that it began with.
CREATE TABLE IF NOT EXISTS warp.migration (
    slot            text PRIMARY KEY,
    source_system   text NOT NULL,
    source_database text NOT NULL,
    source_address  text NOT NULL,
    plugin          text NOT NULL,
    phase           text NOT NULL,
    rules           text NOT NULL DEFAULT '',
    snapshot_lsn    pg_lsn,
    source_timeline integer,
    started_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
    phase_since     timestamptz NOT NULL DEFAULT pg_catalog.now(),
    warp_version    text NOT NULL
);

-- One row a table: PLANNED, COPYING, COPIED, READY. A change is applied to it only if its
-- transaction ended after copied_lsn. While it is copied, copying_lsn is the position of the snapshot
-- that is read: a chunk of any other cannot be marked. The chunks that are marked are all as of one
-- snapshot, base_lsn, whose oldest open transaction was base_xid: rows that are older have not changed
-- since.
CREATE TABLE IF NOT EXISTS warp.relation (
    slot        text NOT NULL,
    schema_name text NOT NULL,
    table_name  text NOT NULL,
    state       text NOT NULL,
    copied_lsn  pg_lsn,
    chunks      integer NOT NULL,
    copying_lsn pg_lsn,
    base_lsn    pg_lsn,
    base_xid    bigint,
    PRIMARY KEY (slot, schema_name, table_name)
);

-- What the chunks of a table are, where it has several: pages, or values of a key. Written before the
-- first is copied, so that a chunk stays what it is.
CREATE TABLE IF NOT EXISTS warp.chunk_range (
    slot        text NOT NULL,
    schema_name text NOT NULL,
    table_name  text NOT NULL,
    number      integer NOT NULL,
    first_page  bigint,
    end_page    bigint,
    key_column  text,
    key_from    text,
    key_to      text,
    bytes       bigint NOT NULL,
    PRIMARY KEY (slot, schema_name, table_name, number)
);

-- One row a copied chunk, written by the transaction that copied it.
CREATE TABLE IF NOT EXISTS warp.chunk (
    slot        text NOT NULL,
    schema_name text NOT NULL,
    table_name  text NOT NULL,
    number      integer NOT NULL,
    rows        bigint NOT NULL,
    bytes       bigint NOT NULL,
    done_at     timestamptz NOT NULL DEFAULT pg_catalog.now(),
    PRIMARY KEY (slot, schema_name, table_name, number)
);

-- How far changes are applied: written by the transaction that applied them.
CREATE TABLE IF NOT EXISTS warp.progress (
    slot         text NOT NULL,
    lane         integer NOT NULL,
    lsn          pg_lsn NOT NULL,
    transactions bigint NOT NULL DEFAULT 0,
    updated_at   timestamptz NOT NULL DEFAULT pg_catalog.now(),
    PRIMARY KEY (slot, lane)
) WITH (fillfactor = 20);

-- What Warp took away from the destination and owes it: written by the transaction that dropped it,
-- deleted by the one that put it back. Statements are run in order.
CREATE TABLE IF NOT EXISTS warp.removed (
    slot         text NOT NULL,
    number       integer NOT NULL,
    kind         text NOT NULL,
    schema_name  text NOT NULL,
    table_name   text NOT NULL,
    object_name  text NOT NULL,
    restore_sql  text[] NOT NULL,
    removed_at   timestamptz NOT NULL DEFAULT pg_catalog.now(),
    -- Why the last attempt to put it back failed.
    sql_state    text,
    message      text,
    PRIMARY KEY (slot, number)
);

-- Objects of the source's schema that the destination refused, with the statements that would make
-- them; deleted by the transaction that makes one after all.
CREATE TABLE IF NOT EXISTS warp.failure (
    slot        text NOT NULL,
    number      integer NOT NULL,
    object_name text NOT NULL,
    make_sql    text[] NOT NULL,
    sql_state   text NOT NULL,
    message     text NOT NULL,
    failed_at   timestamptz NOT NULL DEFAULT pg_catalog.now(),
    PRIMARY KEY (slot, number)
);

-- The large objects of the destination that are this migration's own, with a mark of what they were
-- like at the source: written by the transaction that makes the object.
CREATE TABLE IF NOT EXISTS warp.large_object (
    slot text NOT NULL,
    oid  oid NOT NULL,
    mark text NOT NULL,
    PRIMARY KEY (slot, oid)
);

-- The replica identities that Warp declares at the source and what stood there before: written before
-- the source is altered, deleted when it was put back. d, n, f or i as in pg_class.relreplident.
CREATE TABLE IF NOT EXISTS warp.identity (
    slot           text NOT NULL,
    schema_name    text NOT NULL,
    table_name     text NOT NULL,
    former         text NOT NULL,
    former_index   text,
    declared       text NOT NULL,
    declared_index text,
    PRIMARY KEY (slot, schema_name, table_name)
);

-- What each table of the source was like when it last fitted: columns as texts "number type typmod
-- receiver name", in order, with a "g" after the number of those that are generated, where the
-- receiver is the number of the destination's column; and names of columns that the source has
-- dropped since.
CREATE TABLE IF NOT EXISTS warp.known_table (
    slot        text NOT NULL,
    schema_name text NOT NULL,
    table_name  text NOT NULL,
    source_oid  bigint NOT NULL,
    file_node   bigint NOT NULL,
    last_number integer NOT NULL,
    columns     text[] NOT NULL,
    gone        text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (slot, schema_name, table_name)
);

-- One row a held table: its changes go to warp.held instead of the table, from one change on. Where
-- needs_copy, it is copied again (state and copied_lsn stand in warp.relation) and what committed
-- before is dropped. The statements of finishing are run when it goes on.
CREATE TABLE IF NOT EXISTS warp.hold (
    slot        text NOT NULL,
    schema_name text NOT NULL,
    table_name  text NOT NULL,
    reason      text NOT NULL,
    statements  text[] NOT NULL,
    needs_copy  boolean NOT NULL DEFAULT false,
    finishing   text[] NOT NULL DEFAULT '{}',
    since       timestamptz NOT NULL DEFAULT pg_catalog.now(),
    PRIMARY KEY (slot, schema_name, table_name)
);

-- Shapes of relations that held changes refer to.
CREATE TABLE IF NOT EXISTS warp.held_shape (
    slot     text NOT NULL,
    shape    bigint NOT NULL,
    relation bytea NOT NULL,
    PRIMARY KEY (slot, shape)
);

-- Changes of held tables, in the order of the stream; written by the transaction that moves the
-- progress past them, deleted by the one that applies them. The position lies in the commit record
-- of their transaction, or is its end.
CREATE TABLE IF NOT EXISTS warp.held (
    slot        text NOT NULL,
    schema_name text NOT NULL,
    table_name  text NOT NULL,
    number      bigint NOT NULL,
    shape       bigint NOT NULL,
    position    pg_lsn,
    change      bytea NOT NULL,
    PRIMARY KEY (slot, schema_name, table_name, number),
    UNIQUE (slot, number)
);

-- Where changes wait that the source was told of before they were applied: a folder on one machine's
-- disk. Written before the source is told, deleted when all of them are durable here.
CREATE TABLE IF NOT EXISTS warp.spool (
    slot     text PRIMARY KEY,
    id       text NOT NULL,
    host     text NOT NULL,
    folder   text NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
