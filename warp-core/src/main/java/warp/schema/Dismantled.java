package warp.schema;

import java.util.List;
import warp.model.TableName;
import warp.state.Removed;

/** What {@link Dismantling} did: what is gone and what could not be taken away. */
public record Dismantled(List<Removed> removed, List<LeftInPlace> leftInPlace) {

    public Dismantled {
        removed = List.copyOf(removed);
        leftInPlace = List.copyOf(leftInPlace);
    }

    /**
     * An index or constraint that something else needs: the copy works with it, only slower.
     *
     * @param reason what the server said
     */
    public record LeftInPlace(TableName table, String object, String reason) {

        /** For people. */
        public String describe() {
            return "\"%s\" of table %s stays in place during the copy: %s"
                    .formatted(object, table, reason);
        }
    }
}
