package run.clawcloud.block.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.clawcloud.block.cluster.KubeConnection.KubeConfigException;
import run.clawcloud.block.cluster.KubeConnection.UnknownContextException;

/** What is said of a kubeconfig that can't be used: one line that names the file and the cure. */
class KubeConnectionTest {

    private static final String GOOD = """
        apiVersion: v1
        kind: Config
        current-context: here
        clusters:
        - name: c
          cluster: {server: "https://example.org:6443/"}
        contexts:
        - name: here
          context: {cluster: c, user: u}
        - name: there
          context: {cluster: c, user: u}
        users:
        - name: u
          user: {token: secret-token}
        """;

    /** What means something in YAML, and what means nothing anywhere. */
    private static final String NOISE = ":-{}[]\"\n\t#&*!|> 0\0";

    @TempDir
    private Path directory;

    @Test
    void opensTheCurrentContextAndSendsNothing() throws Exception {
        try (KubeConnection connection = KubeConnection.open(file(GOOD), null, "test")) {
            assertThat(connection.url()).isEqualTo("https://example.org:6443");
        }
        try (KubeConnection connection = KubeConnection.open(file(GOOD), "there", "test")) {
            assertThat(connection.url()).isEqualTo("https://example.org:6443");
        }
    }

    @Test
    void aFileThatIsMissing() {
        Path missing = directory.resolve("nowhere");

        assertThat(refusal(missing, null))
                .hasMessage("the kubeconfig " + missing
                        + " can't be read: there is no such file; give another with --kubeconfig");
    }

    @Test
    void aDirectory() {
        assertThat(refusal(directory, null)).hasMessageStartingWith("the kubeconfig " + directory + " can't be read: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "\tx: [", "contexts: 7", "- a\n- b", "hello", "apiVersion: v1\nclusters:\n- name: [\n"})
    void aFileThatIsNoKubeconfig(String text) throws Exception {
        Path file = file(text);

        assertThat(refusal(file, null)).hasMessageStartingWith("the kubeconfig " + file + " is broken: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "apiVersion: v1\nkind: Config\n"})
    void anEmptyFile(String text) throws Exception {
        Path file = file(text);

        assertThat(refusal(file, null)).hasMessageStartingWith("the kubeconfig " + file + " is broken: ");
    }

    @Test
    void noCurrentContext() throws Exception {
        Path file = file(GOOD.replace("current-context: here", ""));

        assertThat(refusal(file, null))
                .hasMessage("the kubeconfig " + file
                        + " is broken: it names no current context; give one with --context, of [here, there]");
    }

    @Test
    void aContextThatDoesNotExist() throws Exception {
        Path file = file(GOOD);

        assertThat(refusal(file, "elsewhere"))
                .isInstanceOf(UnknownContextException.class)
                .hasMessage("the kubeconfig " + file + " has no context 'elsewhere'; it has [here, there]");
    }

    @Test
    void aCurrentContextThatDoesNotExist() throws Exception {
        Path file = file(GOOD.replace("current-context: here", "current-context: gone"));

        assertThat(refusal(file, null)).hasMessageContaining("has no context 'gone'; it has [here, there]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://",
                "https://:6443",
                "https://exa mple.org",
                "gopher://x",
                "http:///x",
                "file:///etc",
                " "
            })
    void aServerThatIsNoUrl(String url) throws Exception {
        Path file = file(GOOD.replace("https://example.org:6443/", url));

        assertThat(refusal(file, null))
                .hasMessage("the kubeconfig " + file + " is broken: the server '" + url
                        + "' of its cluster 'c' is no http or https URL");
    }

    @Test
    void aServerWithoutASchemeIsAskedOverHttpAsKubectlDoes() throws Exception {
        try (KubeConnection connection = KubeConnection.open(
                file(GOOD.replace("https://example.org:6443/", "example.org:6443")), null, "test")) {
            assertThat(connection.url()).isEqualTo("http://example.org:6443");
        }
    }

    @Test
    void aClusterWithoutAServer() throws Exception {
        Path file = file(GOOD.replace("{server: \"https://example.org:6443/\"}", "{}"));

        assertThat(refusal(file, null)).hasMessageContaining("names no server");
    }

    @Test
    void aContextOfAClusterThatIsNotThere() throws Exception {
        Path file = file(GOOD.replace("context: {cluster: c, user: u}", "context: {cluster: lost, user: u}"));

        assertThat(refusal(file, null))
                .hasMessage("the kubeconfig " + file
                        + " is broken: its context 'here' is of a cluster 'lost' for which it names no server");
    }

    @Test
    void credentialsThatCanNotBeUsed() throws Exception {
        Path file = file(GOOD.replace(
                "user: {token: secret-token}", "user: {client-certificate-data: bm90aGluZw==, client-key-data: bm8=}"));

        assertThat(refusal(file, null)).hasMessageContaining(file.toString());
    }

    @Test
    void aFileThatWasMangledIsOpenedOrRefusedInOneLine() throws Exception {
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            StringBuilder text = new StringBuilder(GOOD);
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                int at = random.nextInt(text.length() - 1);
                switch (random.nextInt(3)) {
                    case 0 -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 30)));
                    case 1 -> text.insert(at, NOISE.charAt(random.nextInt(NOISE.length())));
                    default -> text.setCharAt(at, (char) random.nextInt(' ', 0x3000));
                }
            }
            try (KubeConnection connection = KubeConnection.open(file(text.toString()), null, "test")) {
                assertThat(connection.url()).startsWith("http");
            } catch (KubeConfigException e) {
                refused++;
                assertThat(e.getMessage())
                        .as(text.toString())
                        .doesNotContain("\n")
                        .contains(directory.toString());
            }
        }
        assertThat(refused).isBetween(100, 999);
    }

    private KubeConfigException refusal(Path file, @Nullable String context) {
        KubeConfigException refusal = catchThrowableOfType(
                KubeConfigException.class,
                () -> KubeConnection.open(file, context, "test").close());
        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.getMessage()).doesNotContain("\n", "secret-token");
        return refusal;
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("config"), text);
    }
}
