package warp.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import warp.model.Table;
import warp.model.TableName;
import warp.testing.Seed;

/** Whatever the tables are, their chunks cover every page and every key exactly once. */
class ChunkPlannerProperty {

    private static final int CASES = 300;

    private final long seed = Seed.of(ChunkPlannerProperty.class);
    private final Random random = new Random(seed);

    private List<Table> tables() {
        List<Table> tables = new ArrayList<>();
        for (int i = random.nextInt(30); i > 0; i--) {
            // Sizes from nothing to terabytes, evenly by their logarithm.
            long pages = (long) Math.exp(random.nextDouble() * Math.log(3e8)) - 1;
            long toast = random.nextInt(4) == 0 ? (long) (random.nextDouble() * 1e12) : 0;
            tables.add(ChunkPlannerTest.table("t" + i, pages * 8192 + toast, pages));
        }
        return tables;
    }

    private static Map<TableName, List<Chunk>> byTable(List<Chunk> chunks) {
        return chunks.stream()
                .sorted(Comparator.comparingInt(Chunk::number))
                .collect(Collectors.groupingBy(Chunk::table));
    }

    @Test
    void everyPage_isCoveredExactlyOnce() {
        for (int number = 0; number < CASES; number++) {
            List<Table> tables = tables();
            List<Chunk> chunks =
                    ChunkPlanner.plan(
                            tables, true, 1 + random.nextInt(64), table -> Optional.empty());
            assertCommon(number, tables, chunks);
            for (List<Chunk> ofTable : byTable(chunks).values()) {
                if (ofTable.size() > 1) {
                    assertPagesTouch(number, ofTable);
                }
            }
        }
    }

    private void assertPagesTouch(int number, List<Chunk> chunks) {
        long next = 0;
        for (Chunk chunk : chunks) {
            Range.Pages pages = (Range.Pages) chunk.range().orElseThrow();
            assertThat(pages.from()).as("seed %d, case %d", seed, number).isEqualTo(next);
            next = pages.to();
        }
        assertThat(next).as("seed %d, case %d", seed, number).isEqualTo(Range.Pages.OPEN);
    }

    @Test
    void everyKey_isCoveredExactlyOnce() {
        for (int number = 0; number < CASES; number++) {
            List<Table> tables = tables();
            List<String> bounds =
                    LongStream.generate(() -> random.nextInt(50))
                            .limit(random.nextInt(102))
                            .sorted()
                            .mapToObj(Long::toString)
                            .toList();
            List<Chunk> chunks =
                    ChunkPlanner.plan(
                            tables,
                            false,
                            1 + random.nextInt(64),
                            table -> Optional.of(new KeyHistogram("id", bounds)));
            assertCommon(number, tables, chunks);
            for (List<Chunk> ofTable : byTable(chunks).values()) {
                for (long key = -1; ofTable.size() > 1 && key <= 50; key++) {
                    assertOneHolds(number, ofTable, key);
                }
            }
        }
    }

    private void assertOneHolds(int number, List<Chunk> chunks, long key) {
        long holders =
                chunks.stream()
                        .map(chunk -> (Range.Keys) chunk.range().orElseThrow())
                        .filter(keys -> keys.from() == null || Long.parseLong(keys.from()) <= key)
                        .filter(keys -> keys.to() == null || key < Long.parseLong(keys.to()))
                        .count();
        assertThat(holders).as("seed %d, case %d, key %d", seed, number, key).isEqualTo(1);
    }

    private void assertCommon(int number, List<Table> tables, List<Chunk> chunks) {
        assertThat(chunks)
                .as("seed %d, case %d", seed, number)
                .isSortedAccordingTo(Comparator.comparingLong(Chunk::bytesEstimated).reversed());
        Map<TableName, List<Chunk>> byTable = byTable(chunks);
        assertThat(byTable).as("seed %d, case %d", seed, number).hasSize(tables.size());
        for (Table table : tables) {
            List<Chunk> ofTable = byTable.getOrDefault(table.name(), List.of());
            for (int i = 0; i < ofTable.size(); i++) {
                assertThat(ofTable.get(i).number()).isEqualTo(i);
                assertThat(ofTable.get(i).isWholeTable()).isEqualTo(ofTable.size() == 1);
            }
            long bytes = ofTable.stream().mapToLong(Chunk::bytesEstimated).sum();
            assertThat(table.bytes() - bytes)
                    .as("seed %d, case %d: bytes lost to rounding", seed, number)
                    .isBetween(0L, (long) ofTable.size());
        }
    }
}
