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

    private final Logged log = new Logged(FeedLog.class);
    private final List<String> next = new ArrayList<>();
    private long time = Long.MAX_VALUE - 1_000;

    private final FeedLog feedLog = new FeedLog("namespaces", "https://here", () -> time, new FeedMonitor() {
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
        log.close();
    }

    @Test
    void complainsAtOnceAndThenOnceAMinuteForAsLongAsItLasts() {
        for (int seconds = 0; seconds < 180; seconds += 10) {
            feedLog.failed(unreachable, Duration.ofSeconds(10));
            time += Duration.ofSeconds(10).toNanos();
        }

        assertThat(log.lines()).containsExactly(COMPLAINT, COMPLAINT, COMPLAINT);
        assertThat(next).hasSize(18).containsOnly("failed PT10S");
    }

    @Test
    void saysWhenItIsOver() {
        feedLog.failed(unreachable, Duration.ofSeconds(1));
        feedLog.heard();
        feedLog.heard();
        feedLog.failed(unreachable, Duration.ofSeconds(1));

        assertThat(log.lines()).containsExactly(COMPLAINT, "INFO https://here answers again", COMPLAINT);
    }

    @Test
    void saysWhenTheListStands() {
        feedLog.failed(unreachable, Duration.ofSeconds(1));
        feedLog.synced();
        feedLog.heard();

        assertThat(log.lines())
                .containsExactly(COMPLAINT, "INFO the list of namespaces stands, the watch goes on from it");
    }

    @Test
    void aVersionThatIsTooOldIsNothingToComplainOf() {
        feedLog.failed(new ApiException("watch", 410, "Expired", "too old", null), Duration.ofSeconds(1));

        assertThat(log.lines()).isEmpty();
    }

    @Test
    void passesEverythingOn() {
        feedLog.synced();
        feedLog.heard();
        feedLog.restarted("gone");
        feedLog.failed(unreachable, Duration.ofSeconds(1));

        assertThat(next).containsExactly("synced", "heard", "gone", "failed PT1S");
    }
}
