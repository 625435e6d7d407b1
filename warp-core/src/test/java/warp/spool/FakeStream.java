package warp.spool;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import warp.decode.LogicalDecoder;
import warp.decode.PgOutputDecoder;
import warp.decode.TestDecodingDecoder;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.OutputPlugin;
import warp.postgres.wire.ChangeStream.Frame;

/**
 * A source that never was: random transactions, and the frames that a session of its walsender
 * sends from a position on, relations described once a session, before they are needed.
 */
final class FakeStream {

    private static final int TABLES = 5;

    /** A transaction: the tables and values of its rows. */
    private record Transaction(int id, Lsn finalLsn, Lsn end, List<Integer> tables, int width) {}

    private final OutputPlugin plugin;
    private final List<Transaction> transactions = new ArrayList<>();

    FakeStream(OutputPlugin plugin, SplittableRandom random, int count, int widthMax) {
        this.plugin = plugin;
        long position = 1000;
        for (int i = 0; i < count; i++) {
            position += 1 + random.nextInt(100);
            long end = position + 1 + random.nextInt(50);
            int rows = random.nextInt(10) == 0 ? random.nextInt(60) : random.nextInt(5);
            List<Integer> tables = random.ints(rows, 1, TABLES + 1).boxed().toList();
            transactions.add(
                    new Transaction(
                            100 + i,
                            new Lsn(position),
                            new Lsn(end),
                            tables,
                            1 + random.nextInt(widthMax)));
            position = end;
        }
    }

    OutputPlugin plugin() {
        return plugin;
    }

    /** Where every transaction ends, in order. */
    List<Lsn> ends() {
        return transactions.stream().map(Transaction::end).toList();
    }

    Lsn end() {
        return transactions.getLast().end();
    }

    /** What a walsender sends of it, with keep-alives in between. */
    List<Frame> session(Lsn from) {
        List<Frame> frames = new ArrayList<>();
        Set<Integer> described = new HashSet<>();
        for (Transaction each : transactions) {
            if (!each.end().isAfter(from)) {
                continue;
            }
            if (each.id() % 4 == 0) {
                frames.add(new Frame.KeepAlive(each.finalLsn(), false));
            }
            frames.add(data(each.finalLsn(), begin(each)));
            for (int row = 0; row < each.tables().size(); row++) {
                int table = each.tables().get(row);
                if (plugin == OutputPlugin.PGOUTPUT && described.add(table)) {
                    frames.add(data(Lsn.NONE, relation(table)));
                }
                frames.add(data(each.finalLsn(), insert(each, row, table)));
                if (row == 3) {
                    frames.add(new Frame.KeepAlive(each.finalLsn(), true));
                }
            }
            frames.add(data(each.end(), commit(each)));
        }
        return frames;
    }

    private static Frame data(Lsn at, byte[] bytes) {
        return new Frame.Data(at, at, bytes);
    }

    /** What a decoder makes of frames, without keep-alives. */
    List<String> decode(List<Frame> frames) {
        LogicalDecoder decoder =
                plugin == OutputPlugin.PGOUTPUT ? new PgOutputDecoder() : new TestDecodingDecoder();
        List<String> events = new ArrayList<>();
        for (Frame frame : frames) {
            if (frame instanceof Frame.Data data) {
                ChangeEvent event =
                        decoder.decode(data.walStart(), data.bytes(), 0, data.bytes().length);
                if (event != null) {
                    events.add(text(event));
                }
            }
        }
        return events;
    }

    private static String text(@Nullable ChangeEvent event) {
        return event instanceof ChangeEvent.Insert insert
                ? insert.relation().name() + " " + insert.row().text(0)
                : String.valueOf(event);
    }

    /** The events of all transactions that end after one position and not after the other. */
    List<String> events(Lsn from, Lsn to) {
        List<Frame> frames = new ArrayList<>();
        for (Frame frame : session(from)) {
            frames.add(frame);
        }
        List<String> all = decode(frames);
        List<String> wanted = new ArrayList<>();
        int commits =
                (int)
                        transactions.stream()
                                .filter(each -> each.end().isAfter(from) && !each.end().isAfter(to))
                                .count();
        for (String event : all) {
            if (commits == 0) {
                break;
            }
            wanted.add(event);
            commits -= event.startsWith("Commit") ? 1 : 0;
        }
        return wanted;
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return bytes.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] begin(Transaction each) {
        return plugin == OutputPlugin.TEST_DECODING
                ? utf8("BEGIN " + each.id())
                : bytes(out -> {
                    out.writeByte('B');
                    out.writeLong(each.finalLsn().value());
                    out.writeLong(0);
                    out.writeInt(each.id());
                });
    }

    private byte[] commit(Transaction each) {
        return plugin == OutputPlugin.TEST_DECODING
                ? utf8("COMMIT " + each.id() + " (at 2026-01-02 03:04:05.678901+00)")
                : bytes(out -> {
                    out.writeByte('C');
                    out.writeByte(0);
                    out.writeLong(each.finalLsn().value());
                    out.writeLong(each.end().value());
                    out.writeLong(0);
                });
    }

    private byte[] relation(int table) {
        return bytes(out -> {
            out.writeByte('R');
            out.writeInt(table);
            out.write(utf8("public\0t" + table + "\0d"));
            out.writeShort(1);
            out.writeByte(1);
            out.write(utf8("v\0"));
            out.writeInt(25);
            out.writeInt(-1);
        });
    }

    private byte[] insert(Transaction each, int row, int table) {
        String value = (each.id() + "-" + row + "-").repeat(each.width());
        return plugin == OutputPlugin.TEST_DECODING
                ? utf8("table public.t%d: INSERT: v[text]:'%s'".formatted(table, value))
                : bytes(out -> {
                    out.writeByte('I');
                    out.writeInt(table);
                    out.writeByte('N');
                    out.writeShort(1);
                    out.writeByte('t');
                    out.writeInt(value.length());
                    out.write(utf8(value));
                });
    }
}
