package warp.model;

import java.util.Locale;

/**
 * What turns the write-ahead log into messages at the source ("Logical Decoding Output Plugins" in
 * the manual).
 */
public enum OutputPlugin {
    /** Built in from 10 on; needs a publication. */
    PGOUTPUT,
    /** In contrib from 9.4 on; sends every table of the database. */
    TEST_DECODING;

    /** The plugin Warp uses with a server of this version. */
    public static OutputPlugin of(ServerVersion version) {
        return version.atLeast(10) ? PGOUTPUT : TEST_DECODING;
    }

    /** The plugin of this name, as {@code pg_replication_slots.plugin} tells it. */
    public static OutputPlugin named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** {@code pgoutput} or {@code test_decoding}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
