package warp.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import warp.schema.DumpGroup.Way;

class DumpGroupTest {

    private static DumpEntry entry(String type, String name, String... statements) {
        return new DumpEntry(type, name, "public", List.of(statements));
    }

    private static DumpEntry table(int number) {
        return entry("TABLE", "t" + number, "CREATE TABLE public.t" + number + " ()");
    }

    private static DumpEntry index(String name, String table) {
        return entry(
                "INDEX",
                name,
                "CREATE INDEX %s ON public.%s USING btree (a)".formatted(name, table));
    }

    private static DumpGroup group(List<DumpEntry> entries, int lanes) {
        DumpGroup group = DumpGroup.of(entries.getFirst());
        for (DumpEntry entry : entries.subList(1, entries.size())) {
            assertThat(group.takes(entry, lanes)).as(entry.label()).isTrue();
        }
        return group;
    }

    private static List<DumpEntry> tables(int count) {
        List<DumpEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(table(i));
        }
        return entries;
    }

    @Test
    void whatChangesTheSession_orHoldsASecret_orMayNotStandInATransaction_isAlone() {
        assertThat(DumpGroup.way(entry("", "", "SET client_encoding = 'UTF8'")))
                .isEqualTo(Way.ALONE);
        assertThat(
                        DumpGroup.way(
                                entry(
                                        "TABLE",
                                        "t",
                                        "CREATE TABLE public.t ()",
                                        "SET default_tablespace = ''")))
                .isEqualTo(Way.ALONE);
        assertThat(
                        DumpGroup.way(
                                entry(
                                        "ACL",
                                        "TABLE t",
                                        "SET SESSION AUTHORIZATION a",
                                        "GRANT SELECT ON TABLE public.t TO b",
                                        "RESET SESSION AUTHORIZATION")))
                .isEqualTo(Way.ALONE);
        for (String type :
                List.of("USER MAPPING", "SERVER", "SUBSCRIPTION", "EXTENSION", "EVENT TRIGGER")) {
            assertThat(DumpGroup.way(entry(type, "x", "CREATE something"))).isEqualTo(Way.ALONE);
        }
        assertThat(DumpGroup.way(entry("COMMENT", "EXTENSION x", "COMMENT ON EXTENSION x IS ''")))
                .isEqualTo(Way.ALONE);
    }

    @Test
    void oneThatIsAlone_neitherTakesNorIsTaken() {
        DumpEntry alone = entry("EXTENSION", "x", "CREATE EXTENSION x");

        assertThat(DumpGroup.of(table(1)).takes(alone, 4)).isFalse();
        assertThat(DumpGroup.of(alone).takes(table(1), 4)).isFalse();
        assertThat(DumpGroup.of(alone).takes(entry("COMMENT", "t", "COMMENT ON TABLE t IS ''"), 4))
                .isFalse();
    }

    @Test
    void tables_areDividedWhereTheyStand_withWhatFollowsThem() {
        List<DumpEntry> entries = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            entries.add(table(i));
            entries.add(entry("COMMENT", "TABLE t" + i, "COMMENT ON TABLE public.t" + i));
            entries.add(entry("SEQUENCE", "t%d_id_seq".formatted(i), "CREATE SEQUENCE x" + i));
        }

        List<List<DumpEntry>> lanes = group(entries, 3).lanes(3);

        assertThat(lanes).hasSize(3).allSatisfy(lane -> assertThat(lane).hasSize(30));
        assertThat(lanes.stream().flatMap(List::stream).toList()).isEqualTo(entries);
        assertThat(lanes).allSatisfy(lane -> assertThat(lane.getFirst().type()).isEqualTo("TABLE"));
    }

    @Test
    void indexesAndKeysOfATable_stayTogetherInOrder() {
        List<DumpEntry> entries = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            entries.add(
                    entry(
                            "CONSTRAINT",
                            "t%d key".formatted(i),
                            "ALTER TABLE ONLY public.t%d\n    ADD CONSTRAINT key UNIQUE (a)"
                                    .formatted(i)));
        }
        for (int i = 0; i < 40; i++) {
            entries.add(index("i" + i, "t" + i % 20));
        }

        List<List<DumpEntry>> lanes = group(entries, 4).lanes(4);

        assertThat(lanes).hasSize(4);
        assertThat(lanes.stream().mapToInt(List::size).sum()).isEqualTo(60);
        for (int i = 0; i < 20; i++) {
            DumpEntry key = entries.get(i);
            List<DumpEntry> its = List.of(key, entries.get(20 + i), entries.get(40 + i));
            assertThat(lanes.stream().filter(lane -> lane.contains(key)).findFirst().orElseThrow())
                    .containsSubsequence(its);
        }
    }

    @Test
    void aGroup_isBounded_alsoInOrder() {
        List<DumpEntry> entries = tables(4 * DumpGroup.LANE_STATEMENTS_MAX);

        assertThat(group(entries, 4).takes(table(-1), 4)).isFalse();
        DumpGroup triggers = DumpGroup.of(entry("TRIGGER", "t a", "CREATE TRIGGER a"));
        for (int i = 1; i < DumpGroup.LANE_STATEMENTS_MAX; i++) {
            assertThat(triggers.takes(entry("TRIGGER", "t b", "CREATE TRIGGER b"), 4)).isTrue();
        }
        assertThat(triggers.takes(entry("TRIGGER", "t c", "CREATE TRIGGER c"), 4)).isFalse();
        assertThat(triggers.lanes(4))
                .singleElement()
                .satisfies(lane -> assertThat(lane).hasSize(50));
    }

    @Test
    void aFewStatements_needNoOtherSession() {
        assertThat(group(tables(19), 4).lanes(4)).hasSize(1);
        assertThat(group(tables(20), 4).lanes(4)).hasSize(2);
    }

    @Test
    void aTableThatInherits_isMadeAfterAllBefore() {
        DumpEntry child = entry("TABLE", "c", "CREATE TABLE public.c (\n)\nINHERITS (public.t1)");

        assertThat(DumpGroup.of(table(1)).takes(child, 4)).isFalse();
    }

    @Test
    void namesThatLookLikeStatements_onlyMakeAnotherChoiceOfLanes() {
        DumpEntry odd =
                entry(
                        "INDEX",
                        "a ON b",
                        "CREATE UNIQUE INDEX \"a ON b\" ON ONLY public.\"x USING y\" USING btree"
                                + " (a)");

        List<List<DumpEntry>> lanes =
                group(
                                java.util.stream.Stream.generate(() -> odd)
                                        .limit(40)
                                        .collect(Collectors.toList()),
                                4)
                        .lanes(4);

        assertThat(lanes).singleElement().satisfies(lane -> assertThat(lane).hasSize(40));
    }
}
