package warp.apply;

import java.util.HexFormat;
import java.util.IdentityHashMap;
import warp.decode.HeldCodec;
import warp.error.FaultPoint;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.TableName;
import warp.postgres.wire.Pipeline;
import warp.progress.Progress;
import warp.sql.HoldStatements;
import warp.sql.Identifiers;

/**
 * Puts changes of held tables aside, in the transaction that moves the progress past them: so a
 * change is applied, held, or still to come from the source, and never two of these. For one
 * session and one thread.
 *
 * <p>Each carries a position in its transaction's commit record: after a copy of the table, those
 * at or before the copy's consistent point are part of it. Where the plugin tells it only at the
 * end (test_decoding), it is added then.
 */
final class HeldWriter {

    private final ApplySession session;
    private final String slot;
    private final Progress progress;
    private final IdentityHashMap<Relation, Long> shapes = new IdentityHashMap<>();
    private long number;

    /** Number of the first change of this transaction that has no position yet; 0 for none. */
    private long unplaced;

    HeldWriter(ApplySession session, String slot, Progress progress) {
        this.session = session;
        this.slot = slot;
        this.progress = progress;
        this.number = Long.parseLong(session.lines(HoldStatements.lastNumber(slot)).getFirst());
    }

    /** Holds a table from now on. */
    void place(TableName table, Misfit why) {
        FaultPoint.HOLD_PLACED.before();
        session.begin();
        Pipeline pipeline = session.pipeline();
        begin(HoldStatements.PLACE)
                .parameter(slot)
                .parameter(table.schema())
                .parameter(table.name())
                .parameter(why.reason())
                .parameter(Identifiers.arrayText(why.statements()));
        pipeline.execute(new ApplySession.Plain());
        FaultPoint.HOLD_PLACED.after();
    }

    /**
     * Puts a change aside.
     *
     * @param commit where the commit record starts; NONE where that is not known yet
     */
    void add(TableName table, Relation relation, ChangeEvent change, Lsn commit) {
        session.begin();
        long shape = shape(relation);
        long mine = ++number;
        if (commit.isNone() && unplaced == 0) {
            unplaced = mine;
        }
        Pipeline pipeline =
                begin(HoldStatements.CHANGE)
                        .parameter(slot)
                        .parameter(table.schema())
                        .parameter(table.name())
                        .parameter(Long.toString(mine))
                        .parameter(Long.toString(shape));
        if (commit.isNone()) {
            pipeline.parameterNull();
        } else {
            pipeline.parameter(new Lsn(commit.value() + 1).toString());
        }
        pipeline.parameter(bytea(HeldCodec.encode(change)));
        pipeline.execute(new ApplySession.Plain());
        progress.held.increment();
    }

    private long shape(Relation relation) {
        Long known = shapes.get(relation);
        if (known != null) {
            return known;
        }
        long made = ++number;
        shapes.put(relation, made);
        begin(HoldStatements.SHAPE)
                .parameter(slot)
                .parameter(Long.toString(made))
                .parameter(bytea(HeldCodec.encode(relation)))
                .execute(new ApplySession.Plain());
        return made;
    }

    /** The transaction has ended: now every plugin has told where. */
    void ended(Lsn end) {
        if (unplaced > 0) {
            begin(HoldStatements.POSITION)
                    .parameter(slot)
                    .parameter(Long.toString(unplaced))
                    .parameter(end.toString())
                    .execute(new ApplySession.Plain());
            unplaced = 0;
        }
    }

    /** Changes up to this number have been applied, in the transaction that is open. */
    void takenUp(TableName table, long upTo) {
        begin(HoldStatements.TAKEN_UP)
                .parameter(slot)
                .parameter(table.schema())
                .parameter(table.name())
                .parameter(Long.toString(upTo))
                .execute(new ApplySession.Plain());
    }

    private Pipeline begin(warp.sql.RowStatement statement) {
        Pipeline pipeline = session.pipeline();
        return pipeline.bind(pipeline.prepare(statement, () -> ApplySession.source(statement)));
    }

    private static String bytea(byte[] bytes) {
        return "\\x" + HexFormat.of().formatHex(bytes);
    }
}
