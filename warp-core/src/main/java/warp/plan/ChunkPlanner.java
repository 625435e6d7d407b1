package warp.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import warp.model.Table;

/**
 * Cuts the tables of a copy into chunks of about equal bytes, so that no worker idles at the end.
 *
 * <p>Cutting has a price: a whole table can be loaded with FREEZE, a piece cannot, and each chunk
 * is a transaction of its own. So the chunk is as large as evenness allows: {@value
 * #CHUNKS_PER_WORKER} chunks a worker, which leaves at most about an eighth of a worker's time
 * uneven, within {@link #CHUNK_BYTES_MIN} and {@link #CHUNK_BYTES_MAX}. Tables below one and a half
 * chunks stay whole. With one worker there is nothing to even out: only the upper limit cuts, for
 * it bounds what an interrupted copy repeats.
 */
public final class ChunkPlanner {

    public static final long CHUNK_BYTES_MIN = 16L << 20;
    public static final long CHUNK_BYTES_MAX = 512L << 20;

    /** A system property by which tests get small chunks of small tables. */
    public static final String BYTES_MAX_PROPERTY = "warp.chunkBytesMax";

    private static final int CHUNKS_PER_WORKER = 8;

    private static final Comparator<Chunk> LARGEST_FIRST =
            Comparator.comparingLong(Chunk::bytesEstimated)
                    .reversed()
                    .thenComparing(Chunk::table)
                    .thenComparingInt(Chunk::number);

    private ChunkPlanner() {}

    /**
     * The chunks of all tables, largest first: workers that pull them in this order end about
     * together.
     *
     * @param tidRanges whether the source scans ranges of {@code ctid} without reading the rest of
     *     the table (PostgreSQL 14 and newer)
     * @param workers how many will pull chunks; at least 1
     * @param histogram asked only for tables that are to be cut where {@code tidRanges} is false;
     *     empty where no key fits, then the table stays whole
     */
    public static List<Chunk> plan(
            List<Table> tables,
            boolean tidRanges,
            int workers,
            Function<Table, Optional<KeyHistogram>> histogram) {
        return plan(tables, tidRanges, workers, CHUNK_BYTES_MAX, histogram);
    }

    /**
     * The same in chunks that are not larger than {@code bytesMax}, as far as that can be planned.
     */
    public static List<Chunk> plan(
            List<Table> tables,
            boolean tidRanges,
            int workers,
            long bytesMax,
            Function<Table, Optional<KeyHistogram>> histogram) {
        if (workers < 1 || bytesMax < 1) {
            throw new IllegalArgumentException("no workers, or chunks of nothing");
        }
        long target = chunkBytes(tables, workers, bytesMax);
        List<Chunk> chunks = new ArrayList<>();
        for (Table table : tables) {
            int pieces = pieces(table.bytes(), target);
            if (pieces == 1) {
                chunks.add(whole(table));
            } else if (tidRanges) {
                cutByPages(table, pieces, chunks);
            } else {
                histogram
                        .apply(table)
                        .ifPresentOrElse(
                                keys -> cutByKeys(table, pieces, keys, chunks),
                                () -> chunks.add(whole(table)));
            }
        }
        chunks.sort(LARGEST_FIRST);
        return List.copyOf(chunks);
    }

    private static long chunkBytes(List<Table> tables, int workers, long bytesMax) {
        long most = Math.min(bytesMax, Long.getLong(BYTES_MAX_PROPERTY, CHUNK_BYTES_MAX));
        if (workers == 1) {
            return most;
        }
        double total = tables.stream().mapToDouble(Table::bytes).sum();
        long even = (long) (total / workers / CHUNKS_PER_WORKER);
        return Math.clamp(even, Math.min(CHUNK_BYTES_MIN, most), most);
    }

    private static int pieces(long bytes, long target) {
        return bytes < target + target / 2
                ? 1
                : Math.clamp(Math.round((double) bytes / target), 2, Integer.MAX_VALUE);
    }

    private static Chunk whole(Table table) {
        return new Chunk(table.name(), 0, Optional.empty(), table.bytes());
    }

    /**
     * Pages hold about the same number of bytes, TOAST spread evenly over them. The last range is
     * open: the table may have grown since its pages were counted.
     */
    private static void cutByPages(Table table, int wanted, List<Chunk> chunks) {
        int pieces = (int) Math.min(wanted, table.heapPages());
        if (pieces < 2) {
            chunks.add(whole(table));
            return;
        }
        for (int i = 0; i < pieces; i++) {
            long from = part(table.heapPages(), i, pieces);
            long to = part(table.heapPages(), i + 1, pieces);
            long bytes = (long) ((double) table.bytes() * (to - from) / table.heapPages());
            Range range = new Range.Pages(from, i == pieces - 1 ? Range.Pages.OPEN : to);
            chunks.add(new Chunk(table.name(), i, Optional.of(range), bytes));
        }
    }

    /** Cuts at bounds that lie about evenly; open at both ends, as the histogram may be old. */
    private static void cutByKeys(
            Table table, int wanted, KeyHistogram histogram, List<Chunk> chunks) {
        List<String> bounds = histogram.bounds();
        int buckets = Math.max(bounds.size() - 1, 1);
        int pieces = Math.min(wanted, buckets);
        List<Integer> cuts = new ArrayList<>();
        for (int i = 1; i < pieces; i++) {
            int cut = (int) part(buckets, i, pieces);
            String last = bounds.get(cuts.isEmpty() ? 0 : cuts.getLast());
            if (!bounds.get(cut).equals(last)) {
                cuts.add(cut);
            }
        }
        if (cuts.isEmpty()) {
            chunks.add(whole(table));
            return;
        }
        for (int i = 0; i <= cuts.size(); i++) {
            int from = i == 0 ? 0 : cuts.get(i - 1);
            int to = i == cuts.size() ? buckets : cuts.get(i);
            long bytes = (long) ((double) table.bytes() * (to - from) / buckets);
            Range range =
                    new Range.Keys(
                            histogram.column(),
                            i == 0 ? null : bounds.get(from),
                            i == cuts.size() ? null : bounds.get(to));
            chunks.add(new Chunk(table.name(), i, Optional.of(range), bytes));
        }
    }

    /** {@code whole × part / parts} without overflow. */
    private static long part(long whole, int part, int parts) {
        return whole / parts * part + whole % parts * part / parts;
    }
}
