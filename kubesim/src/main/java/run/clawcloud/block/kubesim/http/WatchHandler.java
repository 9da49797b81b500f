package run.clawcloud.block.kubesim.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.FieldErrors;
import run.clawcloud.block.kubesim.store.ExpiredException;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.Page;
import run.clawcloud.block.kubesim.store.Query;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import run.clawcloud.block.kubesim.store.WatchCursor;
import run.clawcloud.block.kubesim.store.WatchEvent;
import tools.jackson.databind.node.ObjectNode;

/** The {@code watch} verb: one event a line, each sent at once. */
final class WatchHandler {

    /** As kube-apiserver's --min-request-timeout: a watch that names no end gets one between this and twice this. */
    private static final long SHORTEST_WATCH_SECONDS = 1800;

    private static final int BUFFER = 8 * 1024;

    private final ClusterApi api;
    private final TablePrinter tables;
    private final Duration bookmarkInterval;

    WatchHandler(ClusterApi api, TablePrinter tables, Duration bookmarkInterval) {
        this.api = api;
        this.tables = tables;
        this.bookmarkInterval = bookmarkInterval;
    }

    /**
     * Serves a watch until its time is up.
     *
     * @param hit what is to go wrong with it, null for nothing
     */
    void watch(Exchange exchange, Call call, Faults.@Nullable Hit hit) throws IOException, InterruptedException {
        if (exchange.wantsWebSocket()) {
            declineWebSocket(exchange);
            return;
        }
        refuseStreamingList(exchange);
        Renderer renderer = new Renderer(call.type(), View.of(exchange.accept()), tables);
        Selection selection = Selection.of(exchange, call.type());
        long version = exchange.queryNumber("resourceVersion");
        ResourceType stored = api.types().stored(call.type());
        Page initial = version == 0 ? api.store().listNow(stored, Query.of(call.namespace(), selection)) : null;
        long from = initial == null ? version : initial.resourceVersion();
        try (OutputStream out = new BufferedOutputStream(exchange.stream(), BUFFER)) {
            Session session = new Session(renderer, selection, out, hit, exchange);
            // The library sends nothing, headers neither, before the first byte, and clients wait for the headers. A
            // space before the first event is no part of it.
            out.write(' ');
            out.flush();
            try (WatchCursor cursor = api.store().watch(stored, call.namespace(), from)) {
                if (initial != null) {
                    session.initial(initial);
                }
                session.run(cursor, from, end(exchange), exchange.queryFlag("allowWatchBookmarks"));
            } catch (ExpiredException e) {
                session.expired("too old resource version: " + version + " (" + e.oldest() + ")");
            }
        }
    }

    /**
     * Answers 200 without switching, as a server that knows no WebSockets, and ends at once: clients that try one
     * first, such as fabric8's, then go on to an ordinary watch.
     */
    private static void declineWebSocket(Exchange exchange) throws IOException {
        try (OutputStream out = exchange.stream()) {
            out.write('\n');
        }
    }

    /** Answers as a server without streaming lists does: clients then list and watch. */
    private static void refuseStreamingList(Exchange exchange) {
        FieldErrors errors = new FieldErrors();
        if (exchange.query("resourceVersionMatch") != null) {
            errors.forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch");
        }
        if (exchange.query("sendInitialEvents") != null) {
            errors.forbidden(
                    "sendInitialEvents",
                    "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled");
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalidListOptions(errors);
        }
    }

    private static long end(Exchange exchange) {
        long seconds = exchange.queryNumber("timeoutSeconds");
        if (seconds <= 0) {
            seconds = SHORTEST_WATCH_SECONDS + ThreadLocalRandom.current().nextLong(SHORTEST_WATCH_SECONDS);
        }
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    /** One watch. */
    private final class Session {

        private final Renderer renderer;
        private final Selection selection;
        private final OutputStream out;
        private final Faults.@Nullable Hit hit;
        private final Exchange exchange;
        private int sent;

        /** As long as they are to be told once more. */
        private final List<byte[]> told = new ArrayList<>();

        /** What strikes once has done so. */
        private boolean struck;

        Session(Renderer renderer, Selection selection, OutputStream out, Faults.@Nullable Hit hit, Exchange exchange) {
            this.renderer = renderer;
            this.selection = selection;
            this.out = out;
            this.hit = hit;
            this.exchange = exchange;
        }

        void initial(Page page) throws IOException, ExpiredException, InterruptedException {
            for (StoredObject object : page.items()) {
                send("ADDED", object);
            }
            out.flush();
        }

        /**
         * Sends events until the end.
         *
         * @param from where the watch begins; no bookmark may lead a client back behind it
         * @param end by the clock of {@link System#nanoTime}
         */
        void run(WatchCursor cursor, long from, long end, boolean bookmarks)
                throws IOException, ExpiredException, InterruptedException {
            long nextBookmark = System.nanoTime() + bookmarkInterval.toNanos();
            while (true) {
                strikeIfDue();
                long now = System.nanoTime();
                long wake = bookmarks ? Math.min(end, nextBookmark) : end;
                WatchCursor.Batch batch = cursor.next(Duration.ofNanos(Math.max(0, wake - now)));
                if (hit != null
                        && due(Fault.Effect.REORDER_WATCH)
                        && !batch.events().isEmpty()) {
                    Thread.sleep(hit.fault().how().millis());
                    batch = reordered(batch, cursor.next(Duration.ZERO));
                }
                for (WatchEvent event : batch.events()) {
                    send(event);
                }
                boolean over = System.nanoTime() >= end || cursor.ended();
                if (bookmarks && (over || System.nanoTime() >= nextBookmark)) {
                    if (batch.upTo() >= from) {
                        out.write(event("BOOKMARK", bookmark(batch.upTo())));
                    }
                    nextBookmark = System.nanoTime() + bookmarkInterval.toNanos();
                }
                out.flush();
                if (over) {
                    return;
                }
            }
        }

        /** Two batches as one, in the order of the keys from the last one on. */
        private static WatchCursor.Batch reordered(WatchCursor.Batch batch, WatchCursor.Batch next) {
            List<WatchEvent> events = new ArrayList<>(batch.events());
            events.addAll(next.events());
            // The sort is stable: each object's events stay in their order.
            events.sort(
                    Comparator.comparing((WatchEvent event) -> event.object().key())
                            .reversed());
            return new WatchCursor.Batch(events, next.upTo());
        }

        /** Translates what happened into what it means for the selection. */
        private void send(WatchEvent event) throws IOException, ExpiredException, InterruptedException {
            StoredObject previous = event.previous();
            boolean was = previous != null && selection.test(previous);
            boolean is = event.kind() != WatchEvent.Kind.DELETED && selection.test(event.object());
            if (was && !is && previous != null) {
                boolean deleted = event.kind() == WatchEvent.Kind.DELETED;
                send("DELETED", deleted ? event.object() : previous.at(event.resourceVersion()));
            } else if (is) {
                send(was ? "MODIFIED" : "ADDED", event.object());
            }
        }

        private void send(String kind, StoredObject object) throws IOException, ExpiredException, InterruptedException {
            byte[] event = event(kind, renderer.one(object));
            if (due(Fault.Effect.CUT_WATCH)) {
                out.write(event, 0, event.length / 2);
                out.flush();
                throw exchange.drop();
            }
            out.write(event);
            sent++;
            if (hit != null && hit.effect() == Fault.Effect.REPEAT_WATCH && !struck) {
                told.add(event);
            }
            strikeIfDue();
        }

        private void strikeIfDue() throws IOException, ExpiredException, InterruptedException {
            if (due(Fault.Effect.EXPIRE_WATCH)) {
                throw new ExpiredException(0, api.store().resourceVersion());
            }
            if (hit != null && !struck && due(Fault.Effect.STALL_WATCH)) {
                struck = true;
                out.flush();
                hit.await();
            }
            if (!told.isEmpty() && due(Fault.Effect.REPEAT_WATCH)) {
                struck = true;
                for (byte[] event : told) {
                    out.write(event);
                }
                told.clear();
            }
        }

        private boolean due(Fault.Effect effect) {
            return hit != null
                    && hit.effect() == effect
                    && sent >= hit.fault().how().events()
                    && !hit.lapsed();
        }

        private static byte[] event(String kind, byte[] json) {
            byte[] start = ("{\"type\":\"" + kind + "\",\"object\":").getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(start.length + json.length + 2)
                    .put(start)
                    .put(json)
                    .put((byte) '}')
                    .put((byte) '\n')
                    .array();
        }

        private byte[] bookmark(long version) {
            ResourceType type = renderer.type();
            ObjectNode object = Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
            object.putObject("metadata")
                    .put("resourceVersion", Long.toString(version))
                    .putNull("creationTimestamp");
            if (type.has("status")) {
                object.putObject("spec");
                object.putObject("status");
            }
            return Json.bytes(object);
        }

        void expired(String message) throws IOException {
            out.write(event("ERROR", Json.bytes(ApiException.expired(message).status())));
            out.flush();
        }
    }
}
