package warp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The walls of the house: see "Floors" in ARCHITECTURE.md. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // reads all classes once, not for every rule
class FloorsTest {

    private static final String[] STAGES = {
        "warp.preflight..",
        "warp.schema..",
        "warp.copy..",
        "warp.stream..",
        "warp.spool..",
        "warp.apply..",
        "warp.ddl..",
        "warp.sequences..",
        "warp.largeobjects..",
        "warp.roles..",
        "warp.extensions..",
        "warp.protection..",
        "warp.verify.."
    };

    private final JavaClasses product =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> location.contains("warp-core"))
                    .importPackages("warp");

    @Test
    void aPackageUsesOnlyTheFloorsBelowIt() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("facts")
                .definedBy("warp.model..", "warp.error..")
                .layer("pure")
                .definedBy(
                        "warp.decode..",
                        "warp.sql..",
                        "warp.plan..",
                        "warp.progress..",
                        "warp.config..")
                .layer("doors")
                .definedBy("warp.postgres..", "warp.state..")
                .layer("stages")
                .definedBy(STAGES)
                .layer("migration")
                .definedBy("warp.migration..")
                .layer("surface")
                .definedBy("warp.cli..", "warp.console..")
                .whereLayer("surface")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("migration")
                .mayOnlyBeAccessedByLayers("surface")
                .whereLayer("stages")
                .mayOnlyBeAccessedByLayers("migration")
                .whereLayer("doors")
                .mayOnlyBeAccessedByLayers("stages", "migration")
                .whereLayer("pure")
                .mayOnlyBeAccessedByLayers("doors", "stages", "migration", "surface")
                .ensureAllClassesAreContainedInArchitecture()
                .check(product);
    }

    @Test
    void stagesDoNotKnowEachOther() {
        for (String stage : STAGES) {
            String[] others =
                    java.util.Arrays.stream(STAGES)
                            .filter(other -> !other.equals(stage))
                            .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(stage)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(product);
        }
    }

    @Test
    void onlyTheDoorsTouchJdbc() {
        noClasses()
                .that()
                .resideOutsideOfPackages("warp.postgres..", "warp.state..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.postgresql..")
                .check(product);
    }

    @Test
    void onlyMainExits() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("warp.cli.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(product);
    }

    @Test
    void onlyTheSurfacePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackages("warp.cli..", "warp.console..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(product);
    }

    /** They stand where something becomes durable. */
    @Test
    void faultPointsStayOutOfWhereRowsFlow() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "warp.decode..",
                        "warp.sql..",
                        "warp.plan..",
                        "warp.progress..",
                        "warp.postgres.wire..")
                .or()
                .haveNameMatching("warp\\.apply\\.(Row|Set|Change|Filtered|Target|Table).*")
                .or()
                .haveNameMatching("warp\\.stream\\.Change.*")
                .should()
                .dependOnClassesThat()
                .haveSimpleName("FaultPoint")
                .check(product);
    }

    @Test
    void nobodyLogsPastTheEventLog() {
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(product);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("warp.(*)..").should().beFreeOfCycles().check(product);
    }

    /**
     * A clock that is set, or jumps, changes nothing: what is decided by time is decided by {@code
     * System.nanoTime}, or at a server by its own clock. What is only shown may be of the clock.
     */
    @Test
    void nothingIsDecidedByTheClockOnTheWall() {
        noClasses()
                .that()
                .resideOutsideOfPackages("warp.cli..", "warp.console..")
                // A walsender shows people when it last heard of us.
                .and()
                .doNotHaveFullyQualifiedName("warp.postgres.wire.ChangeStream")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.Clock.class, "systemUTC")
                .orShould()
                .callMethod(java.time.Clock.class, "systemDefaultZone")
                .check(product);
    }
}
