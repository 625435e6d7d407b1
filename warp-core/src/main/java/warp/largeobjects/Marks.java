package warp.largeobjects;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;

/**
 * Tells by a short text whether a large object is still what it was: cheaply by the transactions
 * that wrote it, where the role may read {@code pg_largeobject}; else by a digest of its content.
 * For one session's thread.
 */
final class Marks {

    /** Both ends cut the content alike. */
    static final int PIECE_BYTES = 1 << 20;

    private static final CatalogQuery VERSIONS = CatalogQuery.of(Marks.class, "versions");
    private static final CatalogQuery DIGESTS = CatalogQuery.of(Marks.class, "digests");
    private static final CatalogQuery SIZES = CatalogQuery.of(Marks.class, "sizes");
    private static final CatalogQuery COUNTERS = CatalogQuery.of(Marks.class, "counters");

    private final Session source;
    private final boolean cheap;

    Marks(Session source) {
        this.source = source;
        this.cheap = COUNTERS.onlyRow(source).flag("readable");
    }

    /** Whether {@link #now} costs little, and must be asked as nothing else tells. */
    boolean cheap() {
        return cheap;
    }

    /** How large each is, in bytes. */
    Map<Long, Long> sizes(List<LargeObject> objects) {
        Map<Long, Long> sizes = new HashMap<>();
        for (Row row : SIZES.rows(source, oids(objects))) {
            sizes.put(row.number("oid"), row.number("bytes"));
        }
        return sizes;
    }

    /** The mark of each as it is now. */
    Map<Long, String> now(List<LargeObject> objects) {
        Map<Long, String> contents = new HashMap<>();
        List<Row> rows = cheap ? VERSIONS.rows(source, oids(objects)) : digests(objects);
        rows.forEach(row -> contents.put(row.number("oid"), row.optionalText("mark").orElse("")));
        Map<Long, String> marks = new HashMap<>();
        objects.forEach(object ->
                marks.put(object.oid(), mark(object, contents.getOrDefault(object.oid(), ""))));
        return marks;
    }

    private List<Row> digests(List<LargeObject> objects) {
        Map<Long, Long> sizes = sizes(objects);
        return DIGESTS.rows(
                source,
                PIECE_BYTES,
                PIECE_BYTES,
                PIECE_BYTES,
                PIECE_BYTES,
                oids(objects),
                objects.stream().map(object -> String.valueOf(sizes.get(object.oid()))).toList());
    }

    /** The mark of an object whose content was digested on its way. */
    String of(LargeObject object, Digest content) {
        return mark(object, content.text());
    }

    private String mark(LargeObject object, String content) {
        return (cheap ? "versions " : "digest ") + object.identity() + " " + content;
    }

    static List<String> oids(List<LargeObject> objects) {
        return objects.stream().map(object -> Long.toString(object.oid())).toList();
    }

    /** The digest of the digests of all pieces, as {@code digests.sql} computes it. */
    static final class Digest {

        private final MessageDigest all = md5();
        private boolean any;

        void add(byte[] piece) {
            any = true;
            all.update(hex(md5().digest(piece)).getBytes(StandardCharsets.US_ASCII));
        }

        private String text() {
            return any ? hex(all.digest()) : "";
        }

        private static String hex(byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }

        private static MessageDigest md5() {
            try {
                return MessageDigest.getInstance("MD5");
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every Java has MD5", impossible);
            }
        }
    }
}
