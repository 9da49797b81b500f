package run.clawcloud.block.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.Connection;
import run.clawcloud.block.harness.ControllerProcess;
import run.clawcloud.block.harness.Meta;
import run.clawcloud.block.harness.SimulatedCluster;
import tools.jackson.databind.node.ObjectNode;

/**
 * The program as it is packaged, started by the launcher script: its jar and the libraries beside it, and nothing of
 * what tests have on their class path. Runs in Maven's phase {@code integration-test}, when the jars are there.
 */
class PackagedIT {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String NAMESPACE = "packaged";

    @TempDir
    private Path directory = Path.of(".");

    @BeforeEach
    void requirePackages() {
        for (String file : List.of(
                "controller/target/block-controller.jar",
                "controller/target/lib",
                "kubesim/target/block-controller-kubesim.jar",
                "kubesim/target/lib")) {
            assertThat(PROJECT.resolve(file))
                    .as("made by the phase package of its module: run mvn verify, or mvn package before")
                    .exists();
        }
    }

    @Test
    void locksANamespace() throws Exception {
        Path launcher = launcher();
        try (SimulatedCluster cluster = SimulatedCluster.start(launcher, directory, List.of())) {
            await().atMost(LIMIT).until(() -> {
                cluster.child().requireAlive();
                return cluster.readyServer().isPresent();
            });
            try (Api api = new Api(Connection.open(cluster.readyServer().orElseThrow()), "test");
                    ControllerProcess controller = ControllerProcess.start(
                            launcher, cluster.kubeconfig(), directory.resolve("log"), List.of(), List.of())) {
                await().atMost(LIMIT).until(() -> {
                    controller.child().requireAlive();
                    return controller.isReady();
                });
                ObjectNode namespace = Api.JSON.createObjectNode();
                namespace
                        .withObject("/metadata")
                        .put("name", NAMESPACE)
                        .withObject("/labels")
                        .put(Names.STATUS_LABEL, Names.LOCKED);
                api.create(Api.NAMESPACES, namespace);

                await().atMost(LIMIT)
                        .untilAsserted(
                                () -> assertThat(Meta.label(api.get(Api.namespace(NAMESPACE)), Names.APPLIED_LABEL))
                                        .isEqualTo(Names.APPLIED_LOCKED));
            }
        }
    }

    /** The launcher script itself, told that nothing needs to be built, and to run on the JDK of this test. */
    private Path launcher() throws IOException {
        return Files.setPosixFilePermissions(
                Files.writeString(directory.resolve("launcher"), """
                        #!/bin/sh
                        export BLOCK_CONTROLLER_BUILT=1 JAVA_HOME='%s'
                        exec '%s' "$@"
                        """.formatted(
                                System.getProperty("java.home"), PROJECT.resolve("block-controller"))),
                PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
