package run.clawcloud.block.kubesim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the command line says to bad input: one line, no stack trace, a status of its own. */
class SimulateTest {

    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine commandLine = Simulate.commandLine();
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(args);
    }

    @ParameterizedTest
    @CsvSource({
        "--nonsense, nonsense",
        "--namespaces=x, --namespaces",
        "--namespaces=-1, --namespaces",
        "--labelled=x%, --labelled",
        "--labelled=7, --labelled",
        "--workloads=odd, --workloads",
        "--port=70000, --port",
        "--bookmark-interval=soon, --bookmark-interval",
        "--crd=/nowhere/crd.yaml, /nowhere/crd.yaml"
    })
    void aBadFlagIsNamed(String flag, String name) {
        assertThat(run(flag)).isEqualTo(2);
        assertThat(err.toString().strip()).contains(name).doesNotContain("\n");
    }

    @Test
    @Timeout(60)
    void aPortInUseIsSaid() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("--port=" + taken.getLocalPort())).isEqualTo(6);
            assertThat(err.toString().strip())
                    .contains(Integer.toString(taken.getLocalPort()))
                    .doesNotContain("\n");
        }
    }

    @Test
    void aDefinitionThatIsRefusedIsSaid(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("crd.yaml");
        Files.writeString(file, "kind: CustomResourceDefinition\nmetadata: {name: a.example.com}\nspec: {}\n");

        assertThat(run("--crd=" + file)).isEqualTo(2);
        assertThat(err.toString().strip()).contains("--crd", "a.example.com").doesNotContain("\n");
    }
}
