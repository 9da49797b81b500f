package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;

/** A watch that is open, read line by line; space between the events is JSON's, and means nothing. */
final class Watch implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    /** One line of a watch. */
    record Event(String line) {

        String type() {
            return Json.parse(line).path("type").asString();
        }

        JsonNode object() {
            return Json.parse(line).path("object");
        }

        String name() {
            return object().at("/metadata/name").asString("");
        }

        String resourceVersion() {
            return object().at("/metadata/resourceVersion").asString("");
        }

        /** {@code ADDED tenant-1}. */
        String summary() {
            return type() + " " + name();
        }
    }

    private final String request;
    private final InputStream stream;

    /** Empty: the end. */
    private final BlockingQueue<Optional<Event>> events = new LinkedBlockingQueue<>();

    Watch(String request, InputStream stream) {
        this.request = request;
        this.stream = stream;
        Thread.ofVirtual().name(request).start(this::read);
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            lines.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .map(Event::new)
                    .map(Optional::of)
                    .forEach(events::add);
        } catch (IOException | UncheckedIOException _) {
            // The watch was closed on this side, or the connection broke; to the test it has ended.
        }
        events.add(Optional.empty());
    }

    /** The next event; fails when the watch ends or nothing comes. */
    Event next() throws InterruptedException {
        Optional<Event> event = poll();
        assertThat(event).as("%s has ended", request).isPresent();
        return event.orElseThrow();
    }

    /** That many events. */
    List<Event> next(int count) throws InterruptedException {
        List<Event> next = new ArrayList<>();
        while (next.size() < count) {
            next.add(next());
        }
        return next;
    }

    /** All that comes until the server ends the watch. */
    List<Event> rest() throws InterruptedException {
        List<Event> rest = new ArrayList<>();
        for (Optional<Event> event = poll(); event.isPresent(); event = poll()) {
            rest.add(event.orElseThrow());
        }
        return rest;
    }

    private Optional<Event> poll() throws InterruptedException {
        Optional<Event> event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(event)
                .as("%s: nothing came within %s s", request, PATIENCE_SECONDS)
                .isNotNull();
        return event;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
