package warp.model;

/**
 * Where Citus keeps the rows of a table that it looks after: never in the coordinator's own file of
 * it, so neither size nor ctid tells anything there ("Citus Tables and Views" in its manual).
 */
public sealed interface Distribution {

    /**
     * Each row lives where the value of a column says; that value can never be updated.
     *
     * @param column its name at the destination
     */
    record ByColumn(String column) implements Distribution {}

    /** The whole table lives at every node: a reference table. */
    record Everywhere() implements Distribution {}

    /** The whole table lives in one shard: of a distributed schema (12 and newer), or local. */
    record OneShard() implements Distribution {}
}
