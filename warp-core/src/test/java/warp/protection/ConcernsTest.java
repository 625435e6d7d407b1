package warp.protection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warp.config.ByteSize;
import warp.config.SourceOptions;
import warp.config.SourceOptions.WalAction;
import warp.progress.EventLog;
import warp.sql.Remedies;

/** What is said about the source, when. */
class ConcernsTest {

    private final List<String> lines = new ArrayList<>();
    private final Announcements announcements =
            new Announcements(
                    new EventLog() {
                        @Override
                        public void info(String line) {
                            lines.add(line);
                        }

                        @Override
                        public void warn(String line, List<String> hints) {
                            lines.add("WARNING: " + line);
                            hints.forEach(hint -> lines.add("HINT: " + hint));
                        }

                        @Override
                        public void detail(String line) {
                            throw new AssertionError(line);
                        }

                        @Override
                        public void trace(String line, Throwable problem) {
                            throw new AssertionError(line);
                        }

                        @Override
                        public void error(String line, List<String> hints) {
                            throw new AssertionError(line);
                        }
                    });

    private static Concerns concerns(SourceOptions options) {
        return new Concerns("shop", options);
    }

    private static SourceOptions limited(long megabytes, WalAction action) {
        return new SourceOptions(ByteSize.megabytes(megabytes), action, null, null, null, null);
    }

    /** What a look adds to what was said. */
    private List<String> said(Concerns concerns, long second, States states) {
        lines.clear();
        concerns.after(States.seconds(second), states.state(), Remedies.of(Optional.empty()))
                .forEach(concern -> announcements.heard(concern, States.seconds(second)));
        return List.copyOf(lines);
    }

    private List<String> warnings(Concerns concerns, long second, States states) {
        return said(concerns, second, states).stream()
                .filter(line -> !line.startsWith("HINT: "))
                .toList();
    }

    @Test
    void calmSource_isNotTalkedAbout() {
        Concerns concerns = concerns(SourceOptions.NONE);
        for (int second = 0; second < 1000; second++) {
            assertThat(said(concerns, second, States.CALM.holding(second))).isEmpty();
        }
    }

    @Test
    void limit_isWarnedOfAtHalfAndAtFourFifthsWithTheTimeLeft() {
        Concerns concerns = concerns(limited(1000, WalAction.STOP));
        for (int second = 0; second < 50; second++) {
            assertThat(said(concerns, second, States.CALM.holding(second * 10L))).isEmpty();
        }
        assertThat(said(concerns, 50, States.CALM.holding(500)))
                .first()
                .isEqualTo(
                        "WARNING: Slot shop holds back 500 MB of the source's log, 50 % of"
                                + " --max-source-wal=1000MB, growing by 10 MB/s: about 50 s until"
                                + " Warp stops");
        for (int second = 51; second < 80; second++) {
            assertThat(said(concerns, second, States.CALM.holding(second * 10L))).isEmpty();
        }
        assertThat(warnings(concerns, 80, States.CALM.holding(800)))
                .containsExactly(
                        "WARNING: Slot shop holds back 800 MB of the source's log, 80 % of"
                                + " --max-source-wal=1000MB, growing by 10 MB/s: about 20 s until"
                                + " Warp stops");
    }

    @Test
    void slotBeyondTheLimitThatIsWorkedOff_isSaidToBe() {
        Concerns concerns = concerns(limited(1000, WalAction.STOP));
        assertThat(warnings(concerns, 0, States.CALM.holding(1500)))
                .containsExactly(
                        "WARNING: Slot shop holds back 1.5 GB of the source's log, more than"
                                + " --max-source-wal=1000MB: Warp goes on as long as that becomes"
                                + " less");
    }

    @Test
    void limitThatDropsTheSlot_saysSo() {
        Concerns concerns = concerns(limited(1000, WalAction.DROP));
        said(concerns, 0, States.CALM);
        assertThat(said(concerns, 100, States.CALM.holding(600)))
                .first()
                .asString()
                .contains("until Warp stops and drops the slot");
    }

    @Test
    void whatLasts_isSaidAgainEveryFewMinutesWithoutItsHints() {
        Concerns concerns = concerns(limited(1000, WalAction.STOP));
        said(concerns, 0, States.CALM.holding(600));
        List<Integer> again = new ArrayList<>();
        for (int second = 1; second < 1000; second++) {
            List<String> now = said(concerns, second, States.CALM.holding(600));
            if (!now.isEmpty()) {
                again.add(second);
                assertThat(now)
                        .containsExactly(
                                "WARNING: Slot shop holds back 600 MB of the source's log, 60 % of"
                                        + " --max-source-wal=1000MB, and it does not grow");
            }
        }
        assertThat(again).containsExactly(301, 602, 903);
    }

    @Test
    void whatIsOver_isSaidOnce() {
        Concerns concerns = concerns(limited(1000, WalAction.STOP));
        said(concerns, 0, States.CALM.holding(600));
        assertThat(said(concerns, 10, States.CALM.holding(5))).isEmpty();
        assertThat(said(concerns, 100, States.CALM.holding(5)))
                .containsExactly(
                        "Slot shop holds back 5.0 MB of the source's log: that is well below"
                                + " --max-source-wal");
        assertThat(said(concerns, 200, States.CALM.holding(5))).isEmpty();
    }

    @Test
    void withoutAnyLimit_eachDoublingIsSaidWithWhatCannotBeSeen() {
        Concerns concerns = concerns(SourceOptions.NONE);
        List<Long> saidAt = new ArrayList<>();
        for (long second = 0; second < 280; second++) {
            List<String> now = said(concerns, second, States.CALM.holding(second * 32));
            if (!now.isEmpty()) {
                saidAt.add(second * 32);
                assertThat(now)
                        .anyMatch(line -> line.contains("growing by 32 MB/s"))
                        .anyMatch(line -> line.contains("cannot be seen from here"))
                        .anyMatch(line -> line.contains("--max-source-wal=SIZE"));
            }
        }
        assertThat(saidAt).containsExactly(1024L, 2048L, 4096L, 8192L);
    }

    @Test
    void serversOwnLimit_isWarnedOfWithTheStatementThatRaisesIt() {
        Concerns concerns = concerns(SourceOptions.NONE);
        said(concerns, 0, States.CALM.holding(0).kept(1000, WalStatus.RESERVED));
        assertThat(said(concerns, 60, States.CALM.holding(600).kept(1000, WalStatus.EXTENDED)))
                .containsExactly(
                        "WARNING: Slot shop holds back 600 MB of the source's log, 60 % of"
                                + " max_slot_wal_keep_size = 1000MB, growing by 10 MB/s: about 40 s"
                                + " until the source lets the slot go",
                        "HINT: A slot that is lost cannot be had back. Where the source's disk has"
                                + " room: ALTER SYSTEM SET max_slot_wal_keep_size = '4000MB';"
                                + " SELECT pg_reload_conf();");
        assertThat(
                        warnings(
                                concerns,
                                110,
                                States.CALM.holding(1100).kept(1000, WalStatus.UNRESERVED)))
                .containsExactly(
                        "WARNING: Slot shop holds back 1.1 GB of the source's log, more than"
                                + " max_slot_wal_keep_size = 1000MB: the source removes it at its"
                                + " next checkpoint, and the slot is lost");
    }

    @Test
    void oldSnapshot_isWarnedOfBeforeVacuumWorksInVain() {
        Concerns concerns = concerns(SourceOptions.NONE);
        assertThat(said(concerns, 0, States.CALM.aged(90_000_000, 0))).isEmpty();
        assertThat(said(concerns, 100, States.CALM.aged(110_000_000, 0)))
                .first()
                .isEqualTo(
                        "WARNING: The snapshot that is copied from is 110,000,000 transactions old,"
                                + " and vacuum cannot remove what is younger: about 8 min until"
                                + " autovacuum_freeze_max_age");
        assertThat(warnings(concerns, 1000, States.CALM.aged(210_000_000, 0)))
                .singleElement()
                .asString()
                .contains("autovacuum_freeze_max_age is passed");
        assertThat(warnings(concerns, 1100, States.CALM.aged(0, 190_000_000)))
                .hasSize(2)
                .anyMatch(line -> line.contains("What slot shop keeps in the source's catalogs"))
                .anyMatch(line -> line.equals("The snapshot that is copied from is young again"));
    }

    @Test
    void lastConnectionsAndSenders_areWarnedOf() {
        Concerns concerns = concerns(SourceOptions.NONE);
        assertThat(said(concerns, 0, States.CALM.free(5, 1))).isEmpty();
        assertThat(warnings(concerns, 1, States.CALM.free(4, 1)))
                .containsExactly(
                        "WARNING: Only 4 of the source's 100 connections are free for its"
                                + " applications");
        assertThat(warnings(concerns, 2, States.CALM.free(0, 0)))
                .hasSize(2)
                .anyMatch(line -> line.contains("Only 0 of the source's 100"))
                .anyMatch(line -> line.contains("All of the source's 10 walsenders are at work"));
    }

    @Test
    void whatComesAndGoes_isNotSaidEachTime() {
        Concerns concerns = concerns(SourceOptions.NONE);
        int times = 0;
        for (int second = 0; second < 600; second++) {
            States now = States.CALM.free(second % 2 == 0 ? 3 : 20, 8);
            times += warnings(concerns, second, now).size();
        }
        assertThat(times).isLessThan(25);
    }
}
