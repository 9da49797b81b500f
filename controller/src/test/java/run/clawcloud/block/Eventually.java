package run.clawcloud.block;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits until something holds, for as long as a slow machine may need. */
final class Eventually {

    private Eventually() {}

    static void holds(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
