package run.clawcloud.block.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kube.Resource;

/** Lists and watches as they are asked for. */
class KubeListWatchTest {

    private final TestServer server = new TestServer();
    private final KubeListWatch source = new KubeListWatch(server.door(), Resource.NAMESPACES);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void asksForAPageOfWhatIsTrueNow() throws Exception {
        assertThat(list("a notin (b)", 500, null, null)).isEqualTo("limit=500&labelSelector=a+notin+%28b%29");
        assertThat(list("a", 500, "token", null)).isEqualTo("limit=500&labelSelector=a&continue=token");
    }

    /** With a limit it would be read from etcd. */
    @Test
    void asksForEverythingThatIsNotOlderInOnePiece() throws Exception {
        assertThat(list("", 0, null, "7")).isEqualTo("resourceVersion=7&resourceVersionMatch=NotOlderThan");
    }

    @Test
    void asksForAWatchWithBookmarks() throws Exception {
        server.then(200, "{}");
        try (InputStream stream = source.watch("", "7", Duration.ofMinutes(5), Duration.ofMinutes(3))) {
            stream.readAllBytes();
        }
        assertThat(query()).isEqualTo("watch=true&allowWatchBookmarks=true&resourceVersion=7&timeoutSeconds=300");
    }

    private String list(String selector, int limit, @Nullable String token, @Nullable String version) throws Exception {
        server.received.clear();
        server.then(200, "{}");
        try (InputStream stream = source.list(selector, limit, token, version)) {
            stream.readAllBytes();
        }
        return query();
    }

    private String query() {
        return server.only().target().replace("/api/v1/namespaces?", "");
    }
}
