package warp.spool;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.zip.CRC32C;
import warp.model.Lsn;
import warp.model.OutputPlugin;

/**
 * The beginning of a segment's file: eight bytes that say what it is, the length of the rest, whose
 * it is, the CRC32C of all that.
 *
 * @param number counts the segments of a spool
 * @param start everything that ended at or before it is in earlier segments, or was before the
 *     spool
 */
record SegmentHead(SpoolIdentity identity, int number, Lsn start) {

    private static final long MAGIC = 0x5741_5250_5350_4c31L; // WARPSPL1
    private static final int FIXED = Long.BYTES + Integer.BYTES;
    private static final int LENGTH_MAX = 4096;

    /** As it stands in the file. */
    byte[] toBytes() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(text)) {
            out.writeUTF(identity.id());
            out.writeUTF(identity.sourceSystem());
            out.writeUTF(identity.database());
            out.writeUTF(identity.slot());
            out.writeUTF(identity.plugin().toString());
            out.writeInt(number);
            out.writeLong(start.value());
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        byte[] head = new byte[FIXED + text.size() + Integer.BYTES];
        ByteBuffer out = ByteBuffer.wrap(head);
        out.putLong(MAGIC).putInt(text.size()).put(text.toByteArray());
        out.putInt(checksum(head, out.position()));
        return head;
    }

    /** How many bytes it takes in the file. */
    int length() {
        return toBytes().length;
    }

    /** Reads it from the beginning of a file; empty where it does not stand there whole. */
    static Optional<SegmentHead> read(FileChannel file) throws IOException {
        byte[] bytes = new byte[FIXED + LENGTH_MAX + Integer.BYTES];
        ByteBuffer all = ByteBuffer.wrap(bytes);
        readFully(file, all, 0);
        all.flip();
        if (all.remaining() < FIXED || all.getLong() != MAGIC) {
            return Optional.empty();
        }
        int length = all.getInt();
        if (length < 0 || length > LENGTH_MAX || length + Integer.BYTES > all.remaining()) {
            return Optional.empty();
        }
        if (all.getInt(FIXED + length) != checksum(bytes, FIXED + length)) {
            return Optional.empty();
        }
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(bytes, FIXED, length))) {
            SpoolIdentity identity =
                    new SpoolIdentity(
                            in.readUTF(),
                            in.readUTF(),
                            in.readUTF(),
                            in.readUTF(),
                            OutputPlugin.named(in.readUTF()));
            return Optional.of(new SegmentHead(identity, in.readInt(), new Lsn(in.readLong())));
        } catch (IllegalArgumentException unknownPlugin) {
            return Optional.empty();
        }
    }

    /** Reads from a position until the buffer is full or the file ends. */
    static void readFully(FileChannel file, ByteBuffer into, long position) throws IOException {
        long from = position;
        while (into.hasRemaining()) {
            int count = file.read(into, from);
            if (count < 0) {
                return;
            }
            from += count;
        }
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
