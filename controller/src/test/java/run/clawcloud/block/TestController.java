package run.clawcloud.block;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A controller in this process, started as the command line would start it. */
final class TestController {

    private TestController() {}

    /** Starts one and waits until its feed stands. */
    static BlockController start(TestCluster cluster, String... flags) throws Exception {
        return start(cluster.kubeconfig(), flags);
    }

    /** The same, as whom the kubeconfig names. */
    static BlockController start(Path kubeconfig, String... flags) throws Exception {
        BlockController controller = BlockController.start(settings(kubeconfig, flags));
        Eventually.holds(controller::synced);
        return controller;
    }

    /** What the command line would make of these flags. */
    static Settings settings(Path kubeconfig, String... flags) {
        // The memory of this process is that of the tests and of the embedded cluster: it must not stop the work.
        List<String> arguments = new ArrayList<>(List.of(
                "--kubeconfig=" + kubeconfig,
                "--metrics-bind-address=0",
                "--health-probe-bind-address=0",
                "--max-memory-mb=100000"));
        // What is said here is said instead.
        List.of(flags).forEach(flag -> arguments.removeIf(each -> each.startsWith(flag.split("=", 2)[0] + "=")));
        arguments.addAll(List.of(flags));
        RunCommand command = new RunCommand();
        Main.commandLine(command).parseArgs(arguments.toArray(String[]::new));
        return command.settings();
    }
}
