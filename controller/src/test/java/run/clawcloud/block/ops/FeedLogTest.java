package run.clawcloud.block.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.feed.FeedMonitor;
import run.clawcloud.block.kube.ApiException;

class FeedLogTest {

    private final ApiException unreachable =
            new ApiException("watch namespaces", new IOException("connection refused"));
    private static final String COMPLAINT =
            "WARN https://here: watch namespaces: connection refused (tried again until it works)";

    private final Logged logged = new Logged(FeedLog.class);
    private final List<String> next = new ArrayList<>();
    private long time = Long.MAX_VALUE - 1_000;

    private final FeedLog log = new FeedLog("https://here", () -> time);
    private final FeedMonitor quotas = log.of("quotas", FeedMonitor.NONE);
    private final FeedMonitor namespaces = log.of("namespaces", new FeedMonitor() {
        @Override
        public void synced() {
            next.add("synced");
        }

        @Override
        public void heard() {
            next.add("heard");
        }

        @Override
        public void restarted(String reason) {
            next.add(reason);
        }

        @Override
        public void failed(ApiException failure, Duration retryIn) {
            next.add("failed " + retryIn);
        }
    });

    @AfterEach
    void close() {
        logged.close();
    }

    @Test
    void complainsAtOnceAndThenOnceAMinuteForAsLongAsItLasts() {
        for (int seconds = 0; seconds < 180; seconds += 10) {
            namespaces.failed(unreachable, Duration.ofSeconds(10));
            time += Duration.ofSeconds(10).toNanos();
        }

        assertThat(logged.lines()).containsExactly(COMPLAINT, COMPLAINT, COMPLAINT);
        assertThat(next).hasSize(18).containsOnly("failed PT10S");
    }

    @Test
    void saysWhenItIsOver() {
        namespaces.failed(unreachable, Duration.ofSeconds(1));
        namespaces.heard();
        namespaces.heard();
        namespaces.failed(unreachable, Duration.ofSeconds(1));

        assertThat(logged.lines()).containsExactly(COMPLAINT, "INFO https://here answers again", COMPLAINT);
    }

    @Test
    void saysWhenTheListStands() {
        namespaces.failed(unreachable, Duration.ofSeconds(1));
        namespaces.synced();
        namespaces.heard();

        assertThat(logged.lines())
                .containsExactly(COMPLAINT, "INFO the list of namespaces stands, the watch goes on from it");
    }

    @Test
    void aVersionThatIsTooOldIsNothingToComplainOf() {
        namespaces.failed(new ApiException("watch", 410, "Expired", "too old", null), Duration.ofSeconds(1));

        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void passesEverythingOn() {
        namespaces.synced();
        namespaces.heard();
        namespaces.restarted("gone");
        namespaces.failed(unreachable, Duration.ofSeconds(1));

        assertThat(next).containsExactly("synced", "heard", "gone", "failed PT1S");
    }

    @Test
    void aServerThatDoesNotAnswerIsSaidOnceForAllFeeds() {
        quotas.failed(unreachable, Duration.ofSeconds(1));
        namespaces.failed(unreachable, Duration.ofSeconds(1));
        quotas.heard();
        quotas.failed(unreachable, Duration.ofSeconds(1));
        quotas.heard();
        namespaces.heard();

        assertThat(logged.lines()).containsExactly(COMPLAINT, "INFO https://here answers again");
    }

    @Test
    void credentialsThatAreRefusedAreSaidOnceForAllFeedsEvenRightAfterSilence() {
        ApiException refused = new ApiException("list", 401, "Unauthorized", "no", null);

        quotas.failed(unreachable, Duration.ofSeconds(1));
        quotas.failed(refused, Duration.ofSeconds(1));
        namespaces.failed(refused, Duration.ofSeconds(1));

        assertThat(logged.lines())
                .containsExactly(
                        COMPLAINT,
                        "ERROR https://here refuses the credentials: list: 401 Unauthorized: no;"
                                + " give others with --kubeconfig or --context");
    }

    @Test
    void whatTheServerSaysToOneFeedIsSaidForEach() {
        quotas.failed(new ApiException("list quotas", 403, "Forbidden", "no", null), Duration.ofSeconds(1));
        namespaces.failed(new ApiException("list namespaces", 403, "Forbidden", "no", null), Duration.ofSeconds(1));

        assertThat(logged.lines())
                .containsExactly(
                        "WARN https://here: list quotas: 403 Forbidden: no (tried again until it works)",
                        "WARN https://here: list namespaces: 403 Forbidden: no (tried again until it works)");
    }
}
