package warp.apply;

import java.util.List;
import java.util.Set;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.TablePair;
import warp.postgres.wire.Pipeline;
import warp.progress.Progress;

/**
 * The parts that an applier is made of, without its session: what collects changes into a set, and
 * what turns sets and single changes into statements. For one thread.
 */
public final class ApplyParts {

    private final Pipeline pipeline;
    private final RowWriter rows;
    private final SetTables tables;
    private final SetWriter sets;

    /** What transactions come to. */
    public static final class Collected {
        private final ChangeSet set;

        private Collected(ChangeSet set) {
            this.set = set;
        }

        /** How many rows are deleted, updated, inserted. */
        public int rows() {
            int rows = 0;
            for (TableChanges table : set.changes()) {
                rows += table.keyless().size();
                for (TableChanges.Net _ : table.keyed()) {
                    rows++;
                }
            }
            return rows;
        }
    }

    /**
     * @param types of the tables' columns, as {@link DestinationTypes} reads them of a server
     */
    public ApplyParts(Pipeline pipeline, List<TablePair> pairs, List<String> types) {
        ApplyPlan plan = new ApplyPlan("bench", pairs, _ -> false, new BatchLimits(1000, 1000));
        DestinationCatalog catalog =
                new DestinationCatalog(
                        new DestinationCatalog.Asked() {
                            @Override
                            public DestinationTypes types() {
                                return new DestinationTypes(types, List.of());
                            }

                            // No key is told of, so that changes in order go row by row.
                            @Override
                            public List<String> constraints(int tableOid) {
                                return List.of();
                            }
                        });
        this.pipeline = pipeline;
        this.rows = new RowWriter(plan, Set.of(), pipeline, catalog, new Progress());
        this.tables = new SetTables(rows, catalog);
        this.sets = new SetWriter(pipeline);
    }

    /**
     * Collects whole transactions.
     *
     * @throws IllegalArgumentException where they do not fit into one set
     */
    public Collected collect(List<ChangeEvent> events) {
        ChangeSet set = new ChangeSet(tables, SetLimits.USUAL, Lsn.NONE);
        for (ChangeEvent event : events) {
            if (set.take(event) == ChangeSet.Verdict.ODD) {
                throw new IllegalArgumentException("not for a set: " + event);
            }
        }
        return new Collected(set);
    }

    /** Sends a set's statements and waits for the answers. */
    public void send(Collected collected) {
        collected.set.changes().forEach(sets::write);
        pipeline.await();
    }

    /** Sends changes in order, each as a transaction of its own, and waits for the answers. */
    public void send(List<ChangeEvent> changes) {
        for (ChangeEvent change : changes) {
            if (!(rows.route(relation(change)) instanceof Route.Live live)) {
                throw new IllegalArgumentException("not applied: " + change);
            }
            rows.write(live.target(), change, new SourceTransaction(1, Lsn.NONE));
        }
        pipeline.await();
    }

    private static Relation relation(ChangeEvent change) {
        return switch (change) {
            case ChangeEvent.Insert insert -> insert.relation();
            case ChangeEvent.Update update -> update.relation();
            case ChangeEvent.Delete delete -> delete.relation();
            default -> throw new IllegalArgumentException("no change of a row: " + change);
        };
    }
}
