package warp.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for about objects that belong to no schema.
 *
 * @param largeObjects whether large objects come along; null where nothing is said
 * @param roles {@code --roles}: make the source's roles at the destination
 */
public record ObjectOptions(@Nullable Boolean largeObjects, boolean roles) {

    /** Nothing asked for. */
    public static final ObjectOptions NONE = new ObjectOptions(null, false);

    /** What is said about large objects. */
    public Optional<Boolean> largeObjectsAsked() {
        return Optional.ofNullable(largeObjects);
    }

    /** This, and where it says nothing the other: the command line over the file. */
    public ObjectOptions over(ObjectOptions other) {
        return new ObjectOptions(
                largeObjects != null ? largeObjects : other.largeObjects, roles || other.roles);
    }
}
