package warp.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import warp.model.ReplicaIdentity;
import warp.model.Table;
import warp.model.TableName;

class ChunkPlannerTest {

    private static final long MB = 1L << 20;

    private static Optional<KeyHistogram> neverAsked(Table table) {
        throw new AssertionError("asked for the histogram of " + table.name());
    }

    static Table table(String name, long bytes, long pages) {
        return new Table(
                1,
                new TableName("public", name),
                List.of(),
                ReplicaIdentity.DEFAULT,
                List.of(),
                bytes,
                pages,
                -1,
                false,
                false,
                false,
                false);
    }

    private static Function<Table, Optional<KeyHistogram>> bounds(List<String> bounds) {
        return table -> Optional.of(new KeyHistogram("id", bounds));
    }

    private static List<Chunk> inOrder(List<Chunk> chunks) {
        return chunks.stream().sorted(Comparator.comparingInt(Chunk::number)).toList();
    }

    @Test
    void manySmallTables_stayWhole_largestFirst() {
        List<Table> tables =
                IntStream.range(0, 50).mapToObj(i -> table("t" + i, i * MB / 4, i * 32L)).toList();
        List<Chunk> chunks = ChunkPlanner.plan(tables, true, 8, ChunkPlannerTest::neverAsked);
        assertThat(chunks).hasSize(50).allMatch(Chunk::isWholeTable);
        assertThat(chunks.getFirst().table().name()).isEqualTo("t49");
        assertThat(chunks)
                .isSortedAccordingTo(Comparator.comparingLong(Chunk::bytesEstimated).reversed());
    }

    @Test
    void largeTable_isCutIntoEightPiecesAWorker() {
        List<Chunk> chunks =
                ChunkPlanner.plan(
                        List.of(table("big", 3200 * MB, 409_600)),
                        true,
                        4,
                        ChunkPlannerTest::neverAsked);
        assertThat(inOrder(chunks))
                .hasSize(32)
                .first()
                .isEqualTo(
                        new Chunk(
                                new TableName("public", "big"),
                                0,
                                Optional.of(new Range.Pages(0, 12_800)),
                                100 * MB));
        assertThat(inOrder(chunks).getLast().range())
                .contains(new Range.Pages(31 * 12_800, Range.Pages.OPEN));
    }

    @Test
    void oneWorker_cutsOnlyAboveTheLargestChunk() {
        List<Chunk> chunks =
                ChunkPlanner.plan(
                        List.of(table("a", 700 * MB, 89_600), table("b", 1024 * MB, 131_072)),
                        true,
                        1,
                        ChunkPlannerTest::neverAsked);
        assertThat(chunks)
                .extracting(Chunk::bytesEstimated)
                .containsExactly(700 * MB, 512 * MB, 512 * MB);
    }

    @Test
    void tableOfFewPagesAndMuchToast_isCutAtMostPageByPage() {
        List<Chunk> chunks =
                ChunkPlanner.plan(
                        List.of(table("toast", 4096 * MB, 3)),
                        true,
                        4,
                        ChunkPlannerTest::neverAsked);
        assertThat(inOrder(chunks))
                .extracting(Chunk::range)
                .containsExactly(
                        Optional.of(new Range.Pages(0, 1)),
                        Optional.of(new Range.Pages(1, 2)),
                        Optional.of(new Range.Pages(2, Range.Pages.OPEN)));
        assertThat(
                        ChunkPlanner.plan(
                                List.of(table("one", 4096 * MB, 1)),
                                true,
                                4,
                                ChunkPlannerTest::neverAsked))
                .singleElement()
                .matches(Chunk::isWholeTable);
    }

    @Test
    void oldSource_isCutAtTheBoundsOfAKey_openAtBothEnds() {
        List<String> bounds = IntStream.rangeClosed(0, 100).mapToObj(i -> "" + i * 10).toList();
        List<Chunk> chunks =
                inOrder(
                        ChunkPlanner.plan(
                                List.of(table("big", 64 * MB, 8192)), false, 2, bounds(bounds)));
        assertThat(chunks)
                .extracting(Chunk::range)
                .containsExactly(
                        Optional.of(new Range.Keys("id", null, "250")),
                        Optional.of(new Range.Keys("id", "250", "500")),
                        Optional.of(new Range.Keys("id", "500", "750")),
                        Optional.of(new Range.Keys("id", "750", null)));
        assertThat(chunks).allMatch(chunk -> chunk.bytesEstimated() == 16 * MB);
    }

    @Test
    void equalBounds_areCutOnlyOnce() {
        List<String> bounds = List.of("1", "1", "1", "1", "5");
        assertThat(
                        ChunkPlanner.plan(
                                List.of(table("big", 640 * MB, 81_920)), false, 4, bounds(bounds)))
                .singleElement()
                .matches(Chunk::isWholeTable);
        assertThat(
                        inOrder(
                                ChunkPlanner.plan(
                                        List.of(table("big", 640 * MB, 81_920)),
                                        false,
                                        4,
                                        bounds(List.of("1", "3", "3", "5")))))
                .extracting(Chunk::range)
                .containsExactly(
                        Optional.of(new Range.Keys("id", null, "3")),
                        Optional.of(new Range.Keys("id", "3", null)));
    }

    @Test
    void withoutHistogram_theTableStaysWhole() {
        Table big = table("big", 640 * MB, 81_920);
        assertThat(ChunkPlanner.plan(List.of(big), false, 4, table -> Optional.empty()))
                .singleElement()
                .matches(Chunk::isWholeTable);
        for (List<String> bounds : List.of(List.<String>of(), List.of("1"), List.of("1", "2"))) {
            assertThat(ChunkPlanner.plan(List.of(big), false, 4, bounds(bounds)))
                    .singleElement()
                    .matches(Chunk::isWholeTable);
        }
    }

    @Test
    void noTables_giveNoChunks_noWorkersAreRefused() {
        assertThat(ChunkPlanner.plan(List.of(), true, 4, ChunkPlannerTest::neverAsked)).isEmpty();
        assertThatThrownBy(
                        () -> ChunkPlanner.plan(List.of(), true, 0, ChunkPlannerTest::neverAsked))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rangesOfKeys_tellNoKeyToALog() {
        assertThat(new Range.Keys("id", "secret", null).toString()).doesNotContain("secret");
        assertThat(new KeyHistogram("id", List.of("secret")).toString()).doesNotContain("secret");
    }
}
