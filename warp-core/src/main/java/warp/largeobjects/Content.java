package warp.largeobjects;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.LargeObjectStatements;

/**
 * Copies the content of large objects: small ones many at a time, others piece by piece. For one
 * thread.
 */
final class Content {

    private static final long BATCH_BYTES_MAX = 4L << 20;

    private final Session source;
    private final Session destination;
    private final Map<Long, Marks.Digest> digests = new HashMap<>();
    private long bytes;

    /**
     * @param source in the transaction of a snapshot
     * @param destination in a transaction, in which the objects do not exist
     */
    Content(Session source, Session destination) {
        this.source = source;
        this.destination = destination;
    }

    /** How much was copied. */
    long bytes() {
        return bytes;
    }

    /**
     * Makes the objects with their content.
     *
     * @param sizes bytes of each
     * @return a digest of the content of each
     */
    Map<Long, Marks.Digest> copy(List<LargeObject> objects, Map<Long, Long> sizes) {
        List<LargeObject> small = new ArrayList<>();
        long smallBytes = 0;
        for (LargeObject object : objects) {
            long size = Objects.requireNonNull(sizes.get(object.oid()));
            if (size > Marks.PIECE_BYTES) {
                copyPieces(object.oid(), size);
                continue;
            }
            if (smallBytes + size > BATCH_BYTES_MAX) {
                copyTogether(small);
                small.clear();
                smallBytes = 0;
            }
            small.add(object);
            smallBytes += size;
        }
        if (!small.isEmpty()) {
            copyTogether(small);
        }
        return digests;
    }

    private void copyTogether(List<LargeObject> objects) {
        List<String> oids = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        for (Row row : source.query(LargeObjectStatements.READ_ALL, Marks.oids(objects))) {
            byte[] content = row.bytes("content");
            oids.add(Long.toString(row.number("oid")));
            contents.add(content);
            digest(row.number("oid"), content);
        }
        destination.query(LargeObjectStatements.CREATE_ALL, oids, contents.toArray(byte[][]::new));
    }

    private void copyPieces(long oid, long size) {
        for (long offset = 0; offset < size; offset += Marks.PIECE_BYTES) {
            byte[] piece =
                    source.queryOne(LargeObjectStatements.READ, oid, offset, Marks.PIECE_BYTES)
                            .bytes("content");
            boolean last = offset + Marks.PIECE_BYTES >= size;
            if (offset == 0) {
                destination.query(LargeObjectStatements.CREATE, oid, piece);
            } else if (last || !isHole(piece)) {
                destination.query(LargeObjectStatements.WRITE, oid, offset, piece);
            }
            digest(oid, piece);
        }
    }

    /** What was never written reads as zeros, and is left unwritten at the destination too. */
    private static boolean isHole(byte[] piece) {
        for (byte each : piece) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private void digest(long oid, byte[] piece) {
        bytes += piece.length;
        Marks.Digest digest = digests.computeIfAbsent(oid, _ -> new Marks.Digest());
        if (piece.length > 0) {
            digest.add(piece);
        }
    }
}
