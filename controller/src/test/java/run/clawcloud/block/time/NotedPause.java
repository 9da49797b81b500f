package run.clawcloud.block.time;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes no time, and notes how long it was to be. */
public final class NotedPause implements Pause {

    private final List<Duration> pauses = new CopyOnWriteArrayList<>();

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        pauses.add(duration);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    public List<Duration> pauses() {
        return List.copyOf(pauses);
    }
}
