package warp.sequences;

import warp.model.Side;
import warp.model.TableName;

/**
 * A sequence that does not follow the source.
 *
 * @param reason for people, without the name
 */
public record Refused(TableName sequence, Side side, String reason) {

    @Override
    public String toString() {
        return sequence + " (" + side + ": " + reason + ")";
    }
}
