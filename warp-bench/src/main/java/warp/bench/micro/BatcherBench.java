package warp.bench.micro;

import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import warp.apply.ApplyParts;
import warp.model.ChangeEvent;

/** The batcher: transactions of four changes each to what they come to for each row. */
public class BatcherBench extends PerRow {

    static final int CHANGES = 4000;
    static final int HOT_KEYS = 100;
    private static final int TO_A_TRANSACTION = 4;

    /** What happens to the rows. */
    public enum History {
        /** Each is inserted. */
        INSERTS,
        /** Each is updated once. */
        DISTINCT,
        /** Few of them are updated, again and again. */
        HOT
    }

    @Param History history = History.INSERTS;
    @Param RowShape shape = RowShape.NARROW;

    private List<ChangeEvent> events = List.of();
    private ApplyParts parts = Wiring.parts(shape, new AnsweringSocket(1));

    @Setup
    public void prepare() {
        parts = Wiring.parts(shape, new AnsweringSocket(1));
        events =
                Frames.events(
                        shape,
                        Frames.transactions(
                                history == History.INSERTS ? Kind.INSERT : Kind.UPDATE,
                                shape,
                                CHANGES,
                                TO_A_TRANSACTION,
                                i ->
                                        Frames.scattered(
                                                i, history == History.HOT ? HOT_KEYS : CHANGES)));
    }

    @Benchmark
    @OperationsPerInvocation(CHANGES)
    public ApplyParts.Collected collect() {
        return parts.collect(events);
    }
}
