package warp.config;

import java.util.Locale;
import java.util.regex.Pattern;
import warp.error.ErrorCode;
import warp.error.WarpException;

/** Names of replication slots ("Replication Slots" in the manual). */
public final class SlotNames {

    /** What a single migration uses. */
    public static final String DEFAULT = "citus_warp";

    private static final int LENGTH_MAX = 63;
    private static final String INSERTS = "_inserts";
    private static final String BULK = "_bulk";
    private static final Pattern VALID = Pattern.compile("[a-z0-9_]{1,63}");
    private static final Pattern FOREIGN = Pattern.compile("[^a-z0-9_]+");

    private SlotNames() {}

    /**
     * The name itself, checked.
     *
     * @throws WarpException of the given code, for any other character or length
     */
    public static String check(String name, ErrorCode code) {
        if (!VALID.matcher(name).matches()) {
            throw new WarpException(
                    code,
                    "slot name \"" + name + "\" is not made of 1 to 63 of a to z, 0 to 9 and _");
        }
        return name;
    }

    /**
     * The publication beside the one that bears the slot's name: of tables whose updates are left
     * out. As long as names can be; long slots that differ only at their end still differ.
     */
    public static String insertsPublication(String slot) {
        return beside(slot, INSERTS);
    }

    /** The temporary copy of a slot that a backlog is read by; long slots as above. */
    public static String bulk(String slot) {
        return beside(slot, BULK);
    }

    private static String beside(String slot, String suffix) {
        String name = slot + suffix;
        return name.length() <= LENGTH_MAX
                ? name
                : "%s_%08x%s".formatted(slot.substring(0, 40), slot.hashCode(), suffix);
    }

    /**
     * A slot of its own for one of several migrations: always the same for the same name, so that
     * it is found again.
     */
    public static String of(String migration) {
        String words = FOREIGN.matcher(migration.toLowerCase(Locale.ROOT)).replaceAll("_");
        String name = DEFAULT + "_" + words;
        return name.substring(0, Math.min(LENGTH_MAX, name.length()));
    }
}
