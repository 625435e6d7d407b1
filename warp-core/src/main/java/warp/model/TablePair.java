package warp.model;

/**
 * A table of the source and the table of the destination that receives its rows, matched by name;
 * column by column they are matched by name as well.
 */
public record TablePair(Table source, Table destination) {

    /** The name, as at the source. */
    public TableName name() {
        return source.name();
    }
}
