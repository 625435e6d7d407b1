package warp.copy;

import java.util.Map;
import warp.model.Lsn;
import warp.model.SnapshotPoint;
import warp.model.TableName;

/**
 * Which tables are half copied as of an earlier snapshot: their marked chunks are brought to the
 * snapshot that is read now, before the others of the table are copied.
 *
 * @param base the snapshot that their marked chunks are as of, by table
 * @param now the snapshot that is read
 */
public record Advance(Map<TableName, SnapshotPoint> base, SnapshotPoint now) {

    /** There are none. */
    public static final Advance NONE = new Advance(Map.of(), new SnapshotPoint(Lsn.NONE, 0, 0));

    public Advance {
        base = Map.copyOf(base);
    }
}
