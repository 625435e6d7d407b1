package warp.bench.micro;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import warp.decode.PgOutputDecoder;
import warp.model.ChangeEvent;

/** The decoder: messages of pgoutput to events, one row each. */
public class DecoderBench extends PerRow {

    static final int ROWS = 4000;

    @Param Kind kind = Kind.INSERT;
    @Param RowShape shape = RowShape.NARROW;

    private byte[][] frames = {};
    private PgOutputDecoder decoder = new PgOutputDecoder();

    /** Kept, as the queue behind the decoder keeps them; so nothing of them is optimised away. */
    private final @Nullable ChangeEvent[] events = new ChangeEvent[ROWS];

    @Setup
    public void prepare() {
        List<byte[]> changes = Frames.changes(kind, shape, ROWS);
        frames = changes.toArray(byte[][]::new);
        decoder = Frames.decoder(shape);
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public @Nullable ChangeEvent[] decode() {
        for (int i = 0; i < ROWS; i++) {
            byte[] frame = frames[i];
            events[i] = decoder.decode(Frames.POSITION, frame, 0, frame.length);
        }
        return events;
    }
}
