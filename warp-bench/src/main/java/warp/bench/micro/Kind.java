package warp.bench.micro;

/** What a change does to a row. */
public enum Kind {
    INSERT,
    UPDATE,
    DELETE
}
