package run.clawcloud.block;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import run.clawcloud.block.queue.KeyedQueue;

/** Holds the design: data flows one way, one door leads to the API server, and time and state are handed in. */
class ArchitectureTest {

    private static final String BASE = "run.clawcloud.block";

    /** Each may use what stands before it. {@code kube} is the vocabulary that all speak, {@code time} how all wait. */
    private static final List<String> ORDER = Stream.of(
                    "time", "kube", "feed", "leader", "state", "queue", "namespace", "request", "cluster", "ops")
            .map(name -> BASE + "." + name + "..")
            .toList();

    private static final DescribedPredicate<JavaClass> COMPOSITION_ROOT = DescribedPredicate.describe(
            "the composition root",
            type -> type.getName().matches(BASE + "\\.(BlockController|BlockRequests|LeaderElection)(\\$.*)?"));

    private static final Set<String> READS_OF_THE_CLOCK = Set.of(
            "java.lang.System.currentTimeMillis()",
            "java.time.Clock.systemDefaultZone()",
            "java.time.Clock.systemUTC()",
            "java.time.Instant.now()",
            "java.time.LocalDate.now()",
            "java.time.LocalDateTime.now()",
            "java.time.OffsetDateTime.now()",
            "java.time.ZonedDateTime.now()");

    /** The classes of this module, without those of the modules that it uses and without the tests. */
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(KeyedQueue.class.getProtectionDomain().getCodeSource().getLocation());

    static Stream<Arguments> packagesAndWhatStandsAfterThem() {
        return IntStream.range(0, ORDER.size() - 1)
                .mapToObj(i -> Arguments.of(ORDER.get(i), ORDER.subList(i + 1, ORDER.size())));
    }

    @ParameterizedTest
    @MethodSource("packagesAndWhatStandsAfterThem")
    void dataFlowsOneWay(String left, List<String> right) {
        noClasses()
                .that()
                .resideInAPackage(left)
                .should()
                .dependOnClassesThat(resideInAnyPackage(right.toArray(String[]::new)))
                .because("what flows back is an interface that the composition root hands in")
                .check(CLASSES);
    }

    @Test
    void nothingKnowsTheCompositionRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE)
                .check(CLASSES);
    }

    @Test
    void theQueueKnowsNothingOfTheRest() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".queue..")
                .should()
                .dependOnClassesThat(resideInAPackage(BASE + "..")
                        .and(DescribedPredicate.not(resideInAnyPackage(BASE + ".queue..", BASE + ".time.."))))
                .check(CLASSES);
    }

    @Test
    void oneDoorLeadsToTheApiServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + ".cluster..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8..")
                .because("every request is counted, limited and retried in one place")
                .check(CLASSES);
    }

    @Test
    void timeIsHandedIn() {
        noClasses()
                .that(DescribedPredicate.not(COMPOSITION_ROOT))
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "the system's clock is read",
                        access -> READS_OF_THE_CLOCK.contains(access.getTarget().getFullName())))
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Date.class, Calendar.class)
                .because("a test has to be able to say what time it is")
                .check(CLASSES);
    }

    @Test
    void noStaticFieldChanges() {
        fields().that().areStatic().should().beFinal().check(CLASSES);
    }

    @Test
    void everyPackageIsDescribedAndNullMarked() {
        assertThat(CLASSES)
                .extracting(JavaClass::getPackage)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as(each.getName())
                        .isTrue());
        assertThat(CLASSES.getPackage(BASE).getSubpackages())
                .extracting(JavaPackage::getRelativeName)
                .contains("queue", "state");
    }
}
