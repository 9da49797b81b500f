package run.clawcloud.block.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.clawcloud.block.cluster.KubeConnection.KubeConfigException;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.leader.Leadership;
import run.clawcloud.block.time.Pause;
import tools.jackson.core.JsonParser;

/** Which token a request carries, and when another one is looked for. */
class CredentialsTest {

    private static final Duration ALMOST_A_MINUTE = Duration.ofMillis(59_999);
    private static final String NONE = "none";

    /**
     * A key of the curve P-256 in PKCS #8, and a certificate for it: {@code openssl req -x509 -newkey ec -pkeyopt
     * ec_paramgen_curve:P-256 -nodes -days 36500 -subj /CN=test}.
     */
    private static final String EC_KEY = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtLRCSoYwg7s51tOB
            2Ou5M803Uh35RfesI/w6tWjy4JahRANCAATLETjbRg0T8Jp8pP3EEmipQYOLpxId
            4i6I+61vvQBQg3puqJtu3ILLy2QIwo88y3cGY259K5vBCYJr5HasM3oq
            -----END PRIVATE KEY-----
            """;

    private static final String EC_CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBdTCCARugAwIBAgIUdNQ8nTGFF/6gxS4dXax4J1MVp6swCgYIKoZIzj0EAwIw
            DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjUwMTMwMjFaGA8yMTI2MTEwMTAxMzAy
            MVowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMsR
            ONtGDRPwmnyk/cQSaKlBg4unEh3iLoj7rW+9AFCDem6om27cgsvLZAjCjzzLdwZj
            bn0rm8EJgmvkdqwzeiqjUzBRMB0GA1UdDgQWBBRzvmgMRXObeCyf+OXsW4vms7hC
            xzAfBgNVHSMEGDAWgBRzvmgMRXObeCyf+OXsW4vms7hCxzAPBgNVHRMBAf8EBTAD
            AQH/MAoGCCqGSM49BAMCA0gAMEUCIAzWUWKasw3nMbsE9Ab2QYsK++WaTqZRhkj0
            ewZ4Xf0TAiEAx4hdMqAyY35XVvuE6UNM2gp0lWC73eiPGQRuVro6LBU=
            -----END CERTIFICATE-----
            """;

    @TempDir
    private Path directory = Path.of(".");

    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);
    /** The {@code Authorization} of each request. */
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());

    private volatile String accepted = "";
    private final HttpServer server;

    CredentialsTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void listen() {
        server.createContext("/", exchange -> {
            List<String> headers = exchange.getRequestHeaders().getOrDefault("Authorization", List.of(NONE));
            seen.addAll(headers);
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            try (exchange) {
                boolean welcome = accepted.isEmpty() || headers.equals(List.of(accepted));
                byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(welcome ? 200 : 401, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void aTokenFileIsReadAgainAfterAMinuteAndNotBefore() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "one\n");
        try (KubeConnection connection = open("tokenFile: token")) {
            ask(connection);
            Files.writeString(file, "two\n");
            pass(ALMOST_A_MINUTE);
            ask(connection);
            pass(Duration.ofMillis(1));
            ask(connection);
            ask(connection);

            assertThat(seen).containsExactly("Bearer one", "Bearer one", "Bearer two", "Bearer two");
        }
    }

    @Test
    void aTokenFileThatIsGoneForAMomentLeavesTheLastToken() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "one");
        try (KubeConnection connection = open("{tokenFile: " + file + ", token: older}")) {
            Files.delete(file);
            pass(Duration.ofMinutes(1));
            ask(connection);
            Files.writeString(file, " ");
            pass(Duration.ofMinutes(1));
            ask(connection);
            Files.writeString(file, "line\nbreak");
            pass(Duration.ofMinutes(1));
            ask(connection);
            Files.writeString(file, "two");
            pass(Duration.ofMinutes(1));
            ask(connection);

            assertThat(seen).containsExactly("Bearer one", "Bearer one", "Bearer one", "Bearer two");
        }
    }

    @Test
    void aTokenFileThatIsMissingAtTheStart() {
        assertThatThrownBy(() -> open("tokenFile: nowhere").close())
                .isInstanceOf(KubeConfigException.class)
                .hasMessageContainingAll(
                        "the kubeconfig " + directory.resolve("config") + " is broken: there is no file",
                        directory.resolve("nowhere").toString());
    }

    @Test
    void aTokenThatFitsInNoHeaderIsRefusedAndNotTold() {
        assertThatThrownBy(() -> open("token: \"secret\\ntoken\"").close())
                .isInstanceOf(KubeConfigException.class)
                .hasMessageContaining("the token holds a line break")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aRefusedTokenIsLookedUpAfreshAndTheRequestSentAgain() throws Exception {
        accepted = "Bearer two";
        try (KubeConnection connection = open("token: one")) {
            kubeconfig("token: two");

            assertThat(ask(connection)).isEqualTo(200);
            assertThat(ask(connection)).isEqualTo(200);

            assertThat(seen).containsExactly("Bearer one", "Bearer two", "Bearer two");
        }
    }

    /** Its body is read a second time, through the fence. */
    @Test
    void aWriteOfALeaderThatWasRefusedIsSentAgainWhole() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "one");
        accepted = "Bearer two";
        Leadership leadership = new Leadership(Duration.ofSeconds(20), time::get, () -> Instant.EPOCH);
        leadership.renewed(leadership.now());
        try (KubeConnection connection = open("tokenFile: token")) {
            Files.writeString(file, "two");
            ApiServer door = new ApiServer(
                    connection.client(),
                    connection.url(),
                    false,
                    (verb, resource, code, took) -> {},
                    Pause.REAL,
                    time::get);

            door.writingFor(leadership)
                    .write(
                            ApiRequest.of(Verb.PATCH, Resource.DEPLOYMENTS, "tenant", "web")
                                    .with(ApiRequest.MERGE_PATCH, "{\"spec\":{}}"),
                            JsonParser::skipChildren);

            assertThat(seen).containsExactly("Bearer one", "Bearer two");
            assertThat(bodies).containsExactly("{\"spec\":{}}", "{\"spec\":{}}");
        }
    }

    @Test
    void aTokenThatStaysRefusedIsLookedUpEveryTenSecondsAtMost() throws Exception {
        accepted = "Bearer two";
        Path plugin = plugin("one");
        try (KubeConnection connection = open(exec(plugin))) {
            assertThat(runs()).isEqualTo(1);
            for (int seconds = 0; seconds < 20; seconds++) {
                assertThat(ask(connection)).isEqualTo(401);
                pass(Duration.ofSeconds(1));
            }

            assertThat(runs()).isEqualTo(3);
            assertThat(seen).hasSize(20).containsOnly("Bearer one");
        }
    }

    @Test
    void aPluginIsAskedAgainOnceItsTokenIsRefusedAndNotBefore() throws Exception {
        accepted = "Bearer one";
        Path plugin = plugin("one");
        try (KubeConnection connection = open(exec(plugin))) {
            assertThat(ask(connection)).isEqualTo(200);
            pass(Duration.ofHours(1));
            assertThat(ask(connection)).isEqualTo(200);
            assertThat(runs()).isEqualTo(1);

            plugin("two");
            accepted = "Bearer two";
            assertThat(ask(connection)).isEqualTo(200);
            assertThat(ask(connection)).isEqualTo(200);

            assertThat(runs()).isEqualTo(2);
            assertThat(seen).containsExactly("Bearer one", "Bearer one", "Bearer one", "Bearer two", "Bearer two");
        }
    }

    @Test
    void ofManyRequestsThatAreRefusedAtOnceOneAsksThePlugin() throws Exception {
        accepted = "Bearer one";
        Path plugin = plugin("one");
        try (KubeConnection connection = open(exec(plugin))) {
            plugin("two");
            accepted = "Bearer two";
            List<CompletableFuture<Integer>> answers =
                    Stream.generate(() -> begin(connection)).limit(20).toList();

            assertThat(answers).extracting(CompletableFuture::get).containsOnly(200);
            assertThat(runs()).isEqualTo(2);
        }
    }

    @Test
    void aPluginThatHangsAtTheStartIsKilledAndNamed() throws Exception {
        plugin("one");
        Path plugin = hanging();
        Path file = kubeconfig(exec(plugin));

        assertThatThrownBy(() -> KubeConnection.open(file, null, "test", time::get, Duration.ofSeconds(2))
                        .close())
                .isInstanceOf(KubeConfigException.class)
                .hasMessageContainingAll(file.toString(), plugin.toString(), "was not done within 2 s and was killed");

        assertThatItIsKilled();
    }

    /** The request gets what the server says of the token that there is. */
    @Test
    void aPluginThatHangsLaterHoldsUpNoRequestForLongerThanItsLimit() throws Exception {
        accepted = "Bearer two";
        Path plugin = plugin("one");
        Path file = kubeconfig(exec(plugin));
        try (KubeConnection connection = KubeConnection.open(file, null, "test", time::get, Duration.ofSeconds(2))) {
            hanging();

            assertThat(ask(connection)).isEqualTo(401);

            assertThatItIsKilled();
            plugin("two");
            pass(Duration.ofSeconds(10));
            assertThat(ask(connection)).isEqualTo(200);
        }
    }

    @Test
    void withAClientCertificateNothingIsReadAgain() throws Exception {
        Path file = kubeconfig(
                "{client-certificate-data: %s, client-key-data: %s}".formatted(base64(EC_CERTIFICATE), base64(EC_KEY)));
        try (KubeConnection connection = KubeConnection.open(file, null, "test", time::get)) {
            // Whoever read it again would find this token, or fail.
            kubeconfig("token: another");
            pass(Duration.ofHours(1));
            assertThat(ask(connection)).isEqualTo(200);
            accepted = "Bearer another";
            assertThat(ask(connection)).isEqualTo(401);
            Files.delete(file);
            accepted = "";
            assertThat(ask(connection)).isEqualTo(200);

            assertThat(seen).containsOnly(NONE);
        }
    }

    @Test
    void aPasswordIsSentAsItIs() throws Exception {
        try (KubeConnection connection = open("{username: me, password: secret}")) {
            ask(connection);

            assertThat(seen).containsExactly("Basic " + base64("me:secret"));
        }
    }

    @Test
    void aKeyOfAnEllipticCurveInPkcs8IsTakenFromTheFileAndFromData() throws Exception {
        Files.writeString(directory.resolve("key"), EC_KEY);
        Files.writeString(directory.resolve("certificate"), EC_CERTIFICATE);

        open("{client-certificate: certificate, client-key: key}").close();
        open("{client-certificate-data: %s, client-key-data: %s}".formatted(base64(EC_CERTIFICATE), base64(EC_KEY)))
                .close();
        assertThatThrownBy(() -> open("{client-certificate: certificate, client-key: certificate}")
                        .close())
                .isInstanceOf(KubeConfigException.class);
    }

    private KubeConnection open(String user) throws Exception {
        return KubeConnection.open(kubeconfig(user), null, "test", time::get);
    }

    private Path kubeconfig(String user) throws IOException {
        return Files.writeString(directory.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: here
                clusters:
                - name: c
                  cluster: {server: "http://127.0.0.1:%d"}
                contexts:
                - name: here
                  context: {cluster: c, user: u}
                users:
                - name: u
                  user: %s
                """.formatted(
                        server.getAddress().getPort(), user.startsWith("{") ? user : "{" + user + "}"));
    }

    /** A program that gives out this token, and notes each time that it was asked. */
    private Path plugin(String token) throws IOException {
        return Files.setPosixFilePermissions(
                Files.writeString(directory.resolve("plugin"), """
                        #!/bin/sh
                        echo asked >> '%s'
                        echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}'
                        """.formatted(directory.resolve("runs"), token)),
                PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A program that says who it is and then nothing, nor does the one that it starts. */
    private Path hanging() throws IOException {
        return Files.writeString(directory.resolve("plugin"), """
                #!/bin/sh
                mkfifo '%1$s/never'
                cat '%1$s/never' &
                { echo $$; echo $!; } > '%1$s/pids'
                wait
                """.formatted(directory));
    }

    private void assertThatItIsKilled() throws IOException {
        for (String pid : Files.readAllLines(directory.resolve("pids"))) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(it -> it.onExit().join());
        }
    }

    private static String exec(Path plugin) {
        return "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: \"" + plugin
                + "\"}";
    }

    private int runs() throws IOException {
        return Files.readAllLines(directory.resolve("runs")).size();
    }

    private static int ask(KubeConnection connection) throws Exception {
        return begin(connection).get();
    }

    private static CompletableFuture<Integer> begin(KubeConnection connection) {
        return connection
                .client()
                .sendAsync(
                        connection
                                .client()
                                .newHttpRequestBuilder()
                                .uri(connection.url() + "/version")
                                .build(),
                        String.class)
                .thenApply(HttpResponse::code);
    }

    private void pass(Duration duration) {
        time.addAndGet(duration.toNanos());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
