package warp.largeobjects;

import java.util.ArrayList;
import java.util.List;
import warp.largeobjects.Runs.Run;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.LargeObjectStatements;
import warp.state.LargeObjectStore;

/**
 * Large objects of the destination that have the OIDs of the source's and are not the migration's
 * own.
 *
 * @param sample some of the OIDs
 */
public record Occupied(long count, List<Long> sample) {

    private static final int SAMPLE_MAX = 10;

    public Occupied {
        sample = List.copyOf(sample);
    }

    /** Compares both sides; changes nothing. */
    public static Occupied find(Session source, Session destination, String slot) {
        LargeObjectStore store = new LargeObjectStore(destination, slot);
        boolean known = store.isInstalled();
        Runs runs = new Runs(source);
        long count = 0;
        List<Long> sample = new ArrayList<>();
        Run run = runs.next();
        while (run != null) {
            List<Row> present =
                    destination.query(LargeObjectStatements.PRESENT, Marks.oids(run.objects()));
            var own =
                    known && !present.isEmpty()
                            ? store.marks(run.after(), run.upTo()).keySet()
                            : List.<Long>of();
            for (Row row : present) {
                long oid = row.number("oid");
                if (!own.contains(oid)) {
                    count++;
                    if (sample.size() < SAMPLE_MAX) {
                        sample.add(oid);
                    }
                }
            }
            run = runs.next();
        }
        return new Occupied(count, sample);
    }
}
