package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.clawcloud.block.api.Names;

/**
 * What {@code kubectl apply -k} installs is all that the controller needs: with {@code -Dkubeconfig=FILE} on a real
 * cluster, and with {@code kubectl} on the {@code PATH}. Two controllers run outside of it, as the service account that
 * was installed; those of the Deployment have no image to start from.
 */
class InstallationTest {

    private static final String BASE = "../deploy/kustomize/base";
    private static final String NAMESPACE = "block-controller-system";
    private static final String DEPLOYMENTS = "apis/apps/v1/%s/deployments";
    private static final String[] FLAGS = {
        "--leader-elect-lease-duration=4s", "--leader-elect-renew-deadline=3s", "--leader-elect-retry-period=1s"
    };

    @TempDir
    private Path directory;

    private final List<Replica> replicas = new ArrayList<>();
    private TestCluster cluster;

    @BeforeEach
    void install() throws Exception {
        assumeThat(System.getProperty("kubeconfig", ""))
                .as("only a real cluster has roles: -Dkubeconfig=FILE")
                .isNotEmpty();
        assumeThat(kubectlIsThere()).as("kubectl is on the PATH").isTrue();
        cluster = TestCluster.open();
        assertThat(cluster.client().namespaces().withName(NAMESPACE).get())
                .as("something is installed in this cluster already")
                .isNull();
        kubectl("", "apply", "-k", BASE);
    }

    /** The definition of BlockRequests stays: others may have some. */
    @AfterEach
    void uninstall() throws Exception {
        if (cluster == null) {
            return;
        }
        for (Replica replica : replicas) {
            replica.close();
        }
        String rest = Stream.of(kubectl("", "kustomize", BASE).split("(?m)^---\n"))
                .filter(document -> !document.contains("\nkind: CustomResourceDefinition\n"))
                .collect(Collectors.joining("---\n"));
        kubectl(rest, "delete", "--ignore-not-found", "-f", "-");
        cluster.close();
    }

    private static boolean kubectlIsThere() {
        return Stream.of(System.getenv("PATH").split(System.getProperty("path.separator")))
                .anyMatch(each -> Files.isExecutable(Path.of(each, "kubectl")));
    }

    /** What it says; it must not fail. */
    private String kubectl(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl", "--kubeconfig=" + System.getProperty("kubeconfig")));
        command.addAll(List.of(arguments));
        Path in = Files.writeString(directory.resolve("in"), input);
        Process process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private Replica start() throws IOException {
        Path kubeconfig = ServiceAccountKubeconfig.write(
                cluster, NAMESPACE, "block-controller", directory.resolve("kubeconfig-" + replicas.size()));
        String url = cluster.client().getMasterUrl().toString();
        Replica replica = Replica.start(url, kubeconfig, NAMESPACE, FLAGS);
        replicas.add(replica);
        return replica;
    }

    @Test
    void theServiceAccountElectsLocksUnlocksAndExpires() throws Exception {
        Replica first = start();
        first.awaitLeader();
        Replica second = start();
        second.awaitStandby();

        Tenant tenant = cluster.tenant();
        tenant.everyKind();
        tenant.status(Names.LOCKED);
        tenant.awaitLocked();
        tenant.awaitNoPods();
        tenant.awaitEvent("Locked");
        tenant.status(Names.ACTIVE);
        tenant.awaitUnlocked();
        assertThat(tenant.replicas(DEPLOYMENTS, "web")).isEqualTo(3);

        first.process().kill();
        second.awaitLeader();
        TestRequest request = cluster.request(TestSpec.locked().names(tenant));
        request.awaitApplied();
        assertThat(tenant.annotation(Names.HELD_BY)).isEqualTo(request.key());
        request.delete();
        request.awaitGone();
        tenant.awaitUnlocked();

        tenant.annotate(Names.UNLOCK_TIMESTAMP, Instant.now().plusSeconds(1).toString());
        tenant.status(Names.LOCKED);
        tenant.awaitGone();

        second.process().terminate();
        assertThat(second.process().exitStatus()).isZero();
        assertThat(second.process().said()).noneMatch(line -> line.contains("Forbidden"));
    }
}
