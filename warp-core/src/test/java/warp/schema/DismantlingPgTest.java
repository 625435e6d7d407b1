package warp.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.postgres.Catalog;
import warp.postgres.Session;
import warp.postgres.TestConnections;
import warp.sandbox.PostgresServer;
import warp.state.MigrationStore;
import warp.state.Removed;

@ParameterizedClass
@ValueSource(strings = {"9.6", "13", "18"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DismantlingPgTest {

    private static final String SLOT = "citus_warp";
    private static final String DATABASE = "target";
    private static final long LARGE = 2 << 20;

    @Parameter private String version = "";
    private @Nullable PostgresServer running;
    private @Nullable Session opened;

    @BeforeParameterizedClassInvocation
    void start() {
        running = PostgresServer.start(version);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server().close();
    }

    @BeforeEach
    void fill() throws SQLException {
        server().execute("postgres", "DROP DATABASE IF EXISTS " + DATABASE);
        server().createDatabase(DATABASE);
        server().execute(DATABASE, DestinationSchema.statements(Double.parseDouble(version)));
        opened = TestConnections.open(Side.DESTINATION, server(), DATABASE);
        new MigrationStore(session(), SLOT).install();
    }

    @AfterEach
    void close() {
        session().close();
    }

    private PostgresServer server() {
        return Objects.requireNonNull(running);
    }

    private Session session() {
        return Objects.requireNonNull(opened);
    }

    private List<TablePair> pairs() {
        return Catalog.tables(session()).stream()
                .map(table -> new TablePair(withBytes(table, LARGE), table))
                .toList();
    }

    private static Table withBytes(Table table, long bytes) {
        return new Table(
                table.oid(),
                table.name(),
                table.columns(),
                table.identity(),
                table.keyColumns(),
                bytes,
                table.heapPages(),
                table.rowsEstimated(),
                table.partition(),
                table.partitioned(),
                table.rowSecurity(),
                table.rowSecurityForced());
    }

    private Dismantled remove() {
        return Dismantling.remove(session(), SLOT, pairs(), false);
    }

    private List<String> definitions() {
        return DestinationSchema.describe(session());
    }

    private long owed() {
        return session().queryOne("SELECT count(*) AS n FROM warp.removed").number("n");
    }

    @Test
    void everything_comesBackExactlyAsItWas() {
        List<String> before = definitions();

        Dismantled dismantled = remove();

        assertThat(definitions()).isNotEqualTo(before);
        assertThat(dismantled.removed())
                .extracting(Removed::kind)
                .containsAll(
                        EnumSet.complementOf(
                                EnumSet.of(
                                        Removed.Kind.EVENT_TRIGGER,
                                        Removed.Kind.REFERENCE,
                                        Removed.Kind.REFERENCE_CHECK,
                                        Removed.Kind.RULE)));
        assertThat(owed()).isEqualTo(dismantled.removed().size());
        assertThat(Restoration.restoreAll(session(), SLOT)).isEmpty();
        assertThat(definitions()).isEqualTo(before);
        assertThat(owed()).isZero();
    }

    @Test
    void onlyWhatCannotGo_stays() {
        Dismantled dismantled = remove();

        List<String> left =
                session()
                        .query(
                                "SELECT c.relname AS name FROM pg_index i"
                                        + " JOIN pg_class c ON c.oid = i.indexrelid"
                                        + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                                        + " WHERE n.nspname = 'public' ORDER BY 1")
                        .stream()
                        .map(row -> row.text("name"))
                        .toList();
        assertThat(left)
                .containsExactlyElementsOf(
                        DestinationSchema.stayingIndexes(Double.parseDouble(version)));
        assertThat(dismantled.leftInPlace())
                .extracting(Dismantled.LeftInPlace::object)
                .containsExactlyElementsOf(
                        DestinationSchema.neededIndexes(Double.parseDouble(version)));
        assertThat(dismantled.leftInPlace().getFirst().describe())
                .startsWith("\"grouped_pkey\" of table public.grouped stays in place")
                .contains("depend");
        assertThat(
                        session()
                                .query(
                                        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
                                                + " AND tgenabled IN ('A', 'R')"))
                .isEmpty();
    }

    @Test
    void primaryKeyRemoved_columnsStayNotNull() {
        remove();

        assertThatThrownBy(() -> session().run("INSERT INTO public.parent VALUES (NULL, 1, 1)"))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        problem -> assertThat(problem.hasSqlState("23502")).isTrue());
    }

    @Test
    void interruptedRestoration_isCompletedByTheNext() {
        List<String> before = definitions();
        remove();
        List<RestoreJob> jobs = Restoration.owed(session(), SLOT).inOrder();
        for (int done = 0; done <= jobs.size(); done++) {
            for (RestoreJob job : jobs.subList(0, done)) {
                job.run(session(), RestoreJob.Resources.MODEST);
            }
            assertThat(owed()).isEqualTo(jobs.size() - done);
            assertThat(Restoration.restoreAll(session(), SLOT)).isEmpty();
            assertThat(Restoration.restoreAll(session(), SLOT)).isEmpty();
            assertThat(definitions()).as("after %d jobs", done).isEqualTo(before);
            remove();
            jobs = Restoration.owed(session(), SLOT).inOrder();
        }
    }

    @Test
    void removingAgainAfterAnInterruptedRestoration_losesNothing() {
        List<String> before = definitions();
        remove();
        List<RestoreJob> jobs = Restoration.owed(session(), SLOT).inOrder();
        for (RestoreJob job : jobs.subList(0, jobs.size() / 2)) {
            job.run(session(), RestoreJob.Resources.MODEST);
        }

        remove();

        assertThat(Restoration.restoreAll(session(), SLOT)).isEmpty();
        assertThat(definitions()).isEqualTo(before);
    }

    @Test
    void indexesOfOneTable_areBuiltSideBySide() throws Exception {
        List<String> before = definitions();
        remove();
        Restoration owed = Restoration.owed(session(), SLOT);
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

        List<Thread> threads = new ArrayList<>();
        for (Restoration.TableJobs table : owed.tables()) {
            for (RestoreJob job : table.indexes()) {
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    try (Session own =
                                            TestConnections.open(
                                                    Side.DESTINATION, server(), DATABASE)) {
                                        job.run(own, new RestoreJob.Resources(32 << 20, 1));
                                    } catch (RuntimeException problem) {
                                        failures.add(problem);
                                    }
                                }));
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).isEmpty();
        assertThat(owed.of(new TableName("public", "parent")).indexes()).hasSizeGreaterThan(2);
        assertThat(Restoration.restoreAll(session(), SLOT)).isEmpty();
        assertThat(definitions()).isEqualTo(before);
    }

    @Test
    void violatedForeignKey_isReportedAndTheRestGoesOn() {
        List<String> before = definitions();
        remove();
        session().run("INSERT INTO public.child VALUES (1, 4711)");

        List<WarpException> failures = Restoration.restoreAll(session(), SLOT);

        assertThat(failures).hasSize(1);
        WarpException failure = failures.getFirst();
        assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(failure.report())
                .contains("destination: foreign key \"child_parent_fk\" of table public.child")
                .contains("SQLSTATE 23503")
                .contains(
                        "ALTER TABLE ONLY \"public\".\"child\" VALIDATE CONSTRAINT"
                                + " \"child_parent_fk\";")
                .doesNotContain("4711");
        assertThat(owed()).isEqualTo(1);
        session().run("DELETE FROM public.child WHERE parent = 4711");
        assertThat(Restoration.restoreAll(session(), SLOT)).isEmpty();
        assertThat(definitions()).isEqualTo(before);
    }

    @Test
    void duplicateKey_isReportedWithTheStatementOwed() {
        remove();
        session().run("INSERT INTO public.parent VALUES (1, 1, 1), (1, 2, 2)");

        List<WarpException> failures = Restoration.restoreAll(session(), SLOT);

        assertThat(failures)
                .extracting(WarpException::report)
                .anySatisfy(report ->
                        assertThat(report)
                                .contains("index \"parent_pkey\" of table public.parent")
                                .contains("CREATE UNIQUE INDEX parent_pkey"));
        assertThat(owed()).isEqualTo(failures.size());
    }

    @Test
    void smallTables_keepTheirIndexes() {
        List<String> before =
                definitions().stream().filter(DismantlingPgTest::staysForSmallTables).toList();

        Dismantled dismantled =
                Dismantling.remove(
                        session(),
                        SLOT,
                        pairs().stream()
                                .map(pair ->
                                        new TablePair(
                                                withBytes(
                                                        pair.source(),
                                                        Dismantling.TABLE_BYTES_MIN - 1),
                                                pair.destination()))
                                .toList(),
                        false);

        assertThat(dismantled.removed())
                .extracting(Removed::kind)
                .containsOnly(Removed.Kind.TRIGGER, Removed.Kind.CHECK);
        assertThat(definitions().stream().filter(DismantlingPgTest::staysForSmallTables).toList())
                .isEqualTo(before);
    }

    private static boolean staysForSmallTables(String line) {
        return !line.startsWith("trigger") && !line.contains("from_now_on");
    }

    @Test
    void keptIndexes_stay() {
        Dismantled dismantled = Dismantling.remove(session(), SLOT, pairs(), true);

        assertThat(dismantled.removed())
                .extracting(Removed::kind)
                .containsOnly(Removed.Kind.TRIGGER, Removed.Kind.CHECK);
    }

    @Test
    void anotherMigration_isNotTouched() {
        remove();
        long before = owed();

        assertThat(Restoration.restoreAll(session(), "another_slot")).isEmpty();
        assertThat(owed()).isEqualTo(before);
    }

    @Test
    void withoutSchemaWarp_nothingIsOwed() {
        session().run("DROP SCHEMA warp CASCADE");
        session().forgetLasting(); // it was made through this session

        assertThat(Restoration.restoreAll(session(), SLOT)).isEmpty();
    }
}
