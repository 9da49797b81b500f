package run.clawcloud.block.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import run.clawcloud.block.bench.cluster.TestBed;
import run.clawcloud.block.harness.HarnessException;

/** Options of the benchmarks that need a cluster. */
final class ClusterOptions {
    /** More on a cluster that others use would be in their way. */
    private static final int MOST_ON_A_REAL_ONE = 2_000;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "A real cluster instead of the embedded one. Namespaces are made there, and removed again.")
    private @Nullable Path kubeconfig;

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
        if (real() && namespaces > MOST_ON_A_REAL_ONE) {
            throw new HarnessException("%,d namespaces are too many for a real cluster: at most %,d"
                    .formatted(namespaces, MOST_ON_A_REAL_ONE));
        }
    }

    /** Opens the test bed; the embedded cluster gets these tenants. */
    TestBed open(Lab lab, int namespaces, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--namespaces=" + namespaces));
        arguments.addAll(List.of(more));
        return TestBed.open(lab.launcher(), kubeconfig, arguments, System.err, lab.terminal());
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
