package warp.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who measures Warp as its users run it knows nothing of it: see "Floors" in ARCHITECTURE.md. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // reads all classes once, not for every rule
class WallTest {

    private final JavaClasses bench =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> location.contains("warp-bench"))
                    .importPackages("warp");

    private static final DescribedPredicate<JavaClass> PRODUCT =
            JavaClass.Predicates.resideInAPackage("warp..")
                    .and(
                            DescribedPredicate.not(
                                    JavaClass.Predicates.resideInAnyPackage(
                                            "warp.bench..", "warp.sandbox..")))
                    .as("the product");

    @Test
    void onlyMicroKnowsTheProduct() {
        noClasses()
                .that()
                .resideOutsideOfPackages("warp.bench.micro..", "warp.apply")
                .should()
                .dependOnClassesThat(PRODUCT)
                .check(bench);
    }

    @Test
    void microKnowsNoServerAndNothingOfTheRest() {
        noClasses()
                .that()
                .resideInAnyPackage("warp.bench.micro..", "warp.apply")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("warp.sandbox..", "warp.bench")
                .check(bench);
    }
}
