package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Waits until something holds, for as long as a slow machine may need. */
final class Eventually {

    private Eventually() {}

    static void holds(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    /** Waits until it is what is expected, and says how it differs when it never is. */
    static <T extends @Nullable Object> void equal(T expected, Callable<T> actual) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(actual.call()).isEqualTo(expected));
    }
}
