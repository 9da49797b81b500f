package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.http.Fault;

/**
 * {@code --metrics-secure}: metrics over TLS, to those who may read them. With {@code -Dkubeconfig=FILE} a real cluster
 * says who that is.
 */
class SecureMetricsTest {

    private static final Path FILES = Path.of("src/test/resources/tls");

    private final int port = FreePort.next();

    @TempDir
    private Path directory;

    private TestCluster cluster;

    @BeforeEach
    void open() {
        cluster = TestCluster.openWithRequests();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private BlockController start(String... flags) throws Exception {
        List<String> all = new ArrayList<>(List.of("--metrics-secure", "--metrics-bind-address=127.0.0.1:" + port));
        all.addAll(List.of(flags));
        return TestController.start(cluster, all.toArray(String[]::new));
    }

    private void certificate(String certificate, String key) throws IOException {
        // As an editor or a copy does it: neither file is ever half there.
        for (var each : List.of(List.of(certificate, "tls.crt"), List.of(key, "tls.key"))) {
            Path next = Files.copy(
                    FILES.resolve(each.getFirst()), directory.resolve("next"), StandardCopyOption.REPLACE_EXISTING);
            Files.move(next, directory.resolve(each.getLast()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The certificate that a new connection is shown; it is trusted whatever it is. */
    private X509Certificate shown() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Trusts that one certificate and no other. */
    private static SSLContext trusting(X509Certificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("it", certificate);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private record Answer(int code, String body) {}

    private Answer get(String path, @Nullable String authorization) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(trusting(shown())).build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path));
            if (authorization != null) {
                request.header("Authorization", authorization);
            }
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        }
    }

    @Test
    void whoMayReadsMetricsAndNobodyElseDoes() throws Exception {
        TestReader reader = cluster.reader(true);
        TestReader stranger = cluster.reader(false);
        Answer unauthorized = new Answer(401, "Unauthorized\n");
        // Reviews are no writes: they are asked in a dry run, too.
        try (BlockController _ = start("--dry-run")) {
            Answer read = get("/metrics", "Bearer " + reader.token());
            assertThat(read.code()).isEqualTo(200);
            assertThat(read.body()).contains("block_controller_leader 1.0");
            assertThat(get("/metrics", "bearer  " + reader.token()).code()).isEqualTo(200);

            assertThat(get("/metrics", null)).isEqualTo(unauthorized);
            assertThat(get("/metrics", "Bearer nonsense")).isEqualTo(unauthorized);
            assertThat(get("/metrics", "Basic " + reader.token())).isEqualTo(unauthorized);
            assertThat(get("/metrics", "Bearer " + stranger.token()))
                    .isEqualTo(new Answer(403, "Authorization denied for user " + stranger.name() + "\n"));
            assertThat(get("/metrics/more", "Bearer " + reader.token()).code()).isEqualTo(403);
            assertThat(get("/", "Bearer " + reader.token()).code()).isEqualTo(404);
        }
    }

    @Test
    void itTakesTheRoleThatComesWithItAndAnswersAreRemembered() throws Exception {
        KubeSim simulated = simulated();
        TestReader reader = cluster.reader(true);
        TestReader stranger = cluster.reader(false);
        SortedSet<String> before;
        try (BlockController controller = start()) {
            Eventually.holds(controller::idle);
            before = Installation.used(simulated.requests());
            for (int i = 0; i < 3; i++) {
                assertThat(get("/metrics", "Bearer " + reader.token()).code()).isEqualTo(200);
                assertThat(get("/metrics", "Bearer " + stranger.token()).code()).isEqualTo(403);
                assertThat(get("/metrics", "Bearer nonsense").code()).isEqualTo(401);
            }
            assertThat(get("/metrics", "Bearer " + reader.token()).body())
                    .contains("resource=\"tokenreviews.authentication.k8s.io\"");
        }
        assertThat(simulated.requests().count("create", "tokenreviews")).isEqualTo(3);
        assertThat(simulated.requests().count("create", "subjectaccessreviews")).isEqualTo(2);
        SortedSet<String> more = new TreeSet<>(Installation.used(simulated.requests()));
        more.removeAll(before);
        assertThat(more).isEqualTo(Installation.allowed(Installation.reviewRole()));
    }

    @Test
    void anApiServerThatDoesNotAnswerLetsNobodyInAndIsAskedAgain() throws Exception {
        KubeSim simulated = simulated();
        TestReader reader = cluster.reader(true);
        try (BlockController _ = start()) {
            simulated
                    .faults()
                    .set(
                            1,
                            List.of(
                                    Fault.of(Fault.Effect.STATUS)
                                            .withStatus(500, 0)
                                            .on("create", "tokenreviews")
                                            .times(1),
                                    Fault.of(Fault.Effect.STATUS)
                                            .withStatus(403, 0)
                                            .on("create", "subjectaccessreviews")
                                            .times(1)));

            assertThat(get("/metrics", "Bearer " + reader.token()))
                    .isEqualTo(new Answer(500, "Authentication failed\n"));
            assertThat(get("/metrics", "Bearer " + reader.token()))
                    .isEqualTo(new Answer(500, "Authorization for user " + reader.name() + " failed\n"));
            assertThat(get("/metrics", "Bearer " + reader.token()).code()).isEqualTo(200);
        }
    }

    @Test
    void aCertificateThatIsRotatedIsShownWithoutARestart() throws Exception {
        TestReader reader = cluster.reader(true);
        certificate("rsa.crt", "rsa-pkcs1.key");
        try (BlockController _ = start("--metrics-cert-path=" + directory)) {
            assertThat(shown()).isEqualTo(certificate("rsa.crt"));
            assertThat(get("/metrics", "Bearer " + reader.token()).code()).isEqualTo(200);

            certificate("ec.crt", "ec-sec1.key");

            Eventually.equal(certificate("ec.crt"), this::shown);
            assertThat(get("/metrics", "Bearer " + reader.token()).code()).isEqualTo(200);
        }
    }

    private static X509Certificate certificate(String name) throws Exception {
        try (var in = Files.newInputStream(FILES.resolve(name))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void withoutTlsThereIsNothingToRead() throws Exception {
        try (BlockController _ = start();
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest plain = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
                    .build();
            assertThatThrownBy(() -> client.send(plain, HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SSLException.class);
        }
    }

    @Test
    void itDoesNotStartWithACertificateThatIsNotThere() {
        assertThatThrownBy(() -> start("--metrics-cert-path=" + directory))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no " + directory.resolve("tls.crt"));
    }

    private KubeSim simulated() {
        assumeThat(cluster.simulated())
                .as("only the embedded cluster counts, and fails on demand")
                .isPresent();
        return cluster.simulated().orElseThrow();
    }
}
