package warp.bench.micro;

import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import warp.apply.ApplyParts;
import warp.model.ChangeEvent;

/**
 * The encoder: changes to what goes out on the wire, and the answers read, all of them to {@link
 * AnsweringSocket}, which takes some nanoseconds a statement itself.
 */
public class EncoderBench extends PerRow {

    static final int ROWS = 4000;

    @Param Kind kind = Kind.INSERT;
    @Param RowShape shape = RowShape.NARROW;

    private final AnsweringSocket single = new AnsweringSocket(1);
    private final AnsweringSocket whole = new AnsweringSocket(ROWS);
    private List<ChangeEvent> changes = List.of();
    private ApplyParts inOrder = Wiring.parts(shape, single);
    private ApplyParts inSets = Wiring.parts(shape, whole);
    private ApplyParts.Collected collected = inSets.collect(List.of());

    @Setup
    public void prepare() {
        changes = Frames.events(shape, Frames.changes(kind, shape, ROWS));
        inOrder = Wiring.parts(shape, single);
        inSets = Wiring.parts(shape, whole);
        collected =
                inSets.collect(
                        Frames.events(
                                shape,
                                Frames.transactions(
                                        kind, shape, ROWS, 1, i -> Frames.scattered(i, ROWS))));
    }

    /** A statement for each change, as of transactions of one row each: Bind and Execute. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public long ordered() {
        inOrder.send(changes);
        return single.bytesWritten();
    }

    /**
     * One statement for all: rows found are sorted and go as an array a column, new ones by COPY.
     */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public long set() {
        inSets.send(collected);
        return whole.bytesWritten();
    }

    /** Where the statements of {@link #ordered} go. */
    AnsweringSocket single() {
        return single;
    }

    /** Where the statements of {@link #set} go. */
    AnsweringSocket whole() {
        return whole;
    }
}
