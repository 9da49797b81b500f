package run.clawcloud.block.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import run.clawcloud.block.bench.cluster.RealCluster;
import run.clawcloud.block.bench.cluster.TestBed;
import run.clawcloud.block.harness.HarnessException;

/** Options of the benchmarks that need a cluster. */
final class ClusterOptions {
    /** More on a cluster that others use would be in their way, and would take hours to be removed. */
    private static final int MOST_ON_A_REAL_ONE = 2_000;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "A real cluster instead of the embedded one. Namespaces are made there, and removed again.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--throw-away",
            description = "The real cluster has nothing else to do and will be thrown away: there may be any number of"
                    + " namespaces, they are left there, and the CustomResourceDefinition is applied.")
    private boolean throwAway;

    @Option(
            names = "--audit-log",
            paramLabel = "FILE",
            description =
                    "The audit log that the real API server writes, if it is at hand: requests are counted in it.")
    private @Nullable Path auditLog;

    @Option(
            names = "--controller-option",
            paramLabel = "OPTION",
            description = "A further option of the controller, such as --max-concurrent-reconciles=40.")
    private List<String> controllerOptions = List.of();

    @Option(
            names = "--jvm-option",
            paramLabel = "OPTION",
            description = "A further option of the controller's JVM, such as -Xmx64m.")
    private List<String> jvmOptions = List.of();

    @Mixin
    private CommonOptions common = new CommonOptions();

    boolean real() {
        return kubeconfig != null;
    }

    /** Whether the cluster is the bench's own, to do with as it likes. */
    boolean own() {
        return !real() || throwAway;
    }

    /** Whether requests are counted at the server. */
    boolean counts() {
        return !real() || auditLog != null;
    }

    Path results(Lab lab) {
        return common.results(lab);
    }

    /** Starts the controller as the options say, with further arguments. */
    TestBed.Started startController(TestBed bed, String... more) throws InterruptedException {
        List<String> arguments = new ArrayList<>(controllerOptions);
        arguments.addAll(List.of(more));
        return bed.startController(arguments, jvmOptions);
    }

    /** On a real cluster namespaces are made, one by one, where others live too. */
    void requireFew(int namespaces) {
        if (!own() && namespaces > MOST_ON_A_REAL_ONE) {
            throw new HarnessException(
                    "%,d namespaces are too many for a real cluster: at most %,d, unless it is one to --throw-away"
                            .formatted(namespaces, MOST_ON_A_REAL_ONE));
        }
    }

    /** Opens the test bed; the embedded cluster gets these tenants. */
    TestBed open(Lab lab, int namespaces, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--namespaces=" + namespaces));
        arguments.addAll(List.of(more));
        RealCluster chosen = kubeconfig == null ? null : new RealCluster(kubeconfig, auditLog, throwAway);
        return TestBed.open(lab.launcher(), chosen, arguments, System.err, lab.terminal());
    }

    /** What a kept run says of the choice. */
    void describe(Map<String, String> options) {
        options.put("cluster", real() ? "real" : "kubesim");
        if (!controllerOptions.isEmpty()) {
            options.put("controller", String.join(" ", controllerOptions));
        }
        if (!jvmOptions.isEmpty()) {
            options.put("jvm", String.join(" ", jvmOptions));
        }
    }
}
