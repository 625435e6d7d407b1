package warp.migration;

import java.util.List;
import warp.decode.LogicalDecoder;
import warp.decode.PgOutputDecoder;
import warp.decode.TestDecodingDecoder;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.postgres.Connector;
import warp.postgres.wire.ChangeStream;
import warp.postgres.wire.FrameSource;
import warp.postgres.wire.WireSession;
import warp.progress.EventLog;
import warp.sql.ReplicationStatements;
import warp.stream.SlotReading;
import warp.stream.WindowedFrames;

/**
 * How the slot of a migration is streamed.
 *
 * @param publications of pgoutput
 */
record StreamStart(
        Connector source,
        String slot,
        OutputPlugin plugin,
        List<String> publications,
        EventLog log) {

    /** A decoder that knows no relation yet. */
    LogicalDecoder decoder() {
        return switch (plugin) {
            case PGOUTPUT -> new PgOutputDecoder();
            case TEST_DECODING -> new TestDecodingDecoder();
        };
    }

    /**
     * Opens the stream; of a backlog in bulk, where that can be.
     *
     * @param from what ended at or before it is not sent
     * @throws warp.error.WarpException where the source cannot be reached or refuses
     */
    FrameSource open(Lsn from) {
        return switch (plugin) {
            case PGOUTPUT ->
                    WindowedFrames.open(
                            new SlotReading(source, slot, publications, this::live, log::detail),
                            from);
            case TEST_DECODING -> live(from);
        };
    }

    private FrameSource live(Lsn from) {
        WireSession session = source.openReplication();
        try {
            return ChangeStream.start(
                    session,
                    switch (plugin) {
                        case PGOUTPUT ->
                                ReplicationStatements.startPgOutput(slot, from, publications);
                        case TEST_DECODING -> ReplicationStatements.startTestDecoding(slot, from);
                    });
        } catch (RuntimeException refused) {
            session.close();
            throw refused;
        }
    }
}
