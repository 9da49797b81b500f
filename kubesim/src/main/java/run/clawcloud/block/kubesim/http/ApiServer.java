package run.clawcloud.block.kubesim.http;

import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.Access;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.ResourceTypes;
import run.clawcloud.block.kubesim.store.Snapshot;
import run.clawcloud.block.kubesim.store.Store;

/** The HTTP server: routes each request to the handler for its verb. A thread, a virtual one, for each connection. */
public final class ApiServer implements AutoCloseable {

    private final WebServer server;
    private final ResourceTypes types;
    private final RequestCounters counters;
    private final Faults faults;
    private final ObjectHandler objects;
    private final ListHandler lists;
    private final WatchHandler watches;
    private final DiscoveryHandler discovery;
    private final ControlHandler control;
    private final ReviewHandler reviews;
    private final Store store;

    /** Held for reading by each request that is carried out, watches aside, and for writing by a restoration. */
    private final ReadWriteLock carriedOut = new ReentrantReadWriteLock();

    /** Guarded by that lock. */
    private int restorations;

    /**
     * Starts to listen on 127.0.0.1.
     *
     * @param port 0 for any that is free
     * @param bookmarkInterval how often a watch that allows bookmarks gets one
     * @throws UncheckedIOException caused by a {@link BindException} when the port is taken
     */
    public ApiServer(
            int port,
            ClusterApi api,
            Access access,
            RequestCounters counters,
            Faults faults,
            InstantSource time,
            Duration bookmarkInterval) {
        this.types = api.types();
        this.counters = counters;
        this.faults = faults;
        TablePrinter tables = new TablePrinter(time, types);
        this.objects = new ObjectHandler(api, tables);
        this.lists = new ListHandler(api, tables);
        this.watches = new WatchHandler(api, tables, bookmarkInterval);
        this.discovery = new DiscoveryHandler(types);
        this.reviews = new ReviewHandler(access);
        this.store = api.store();
        this.control = new ControlHandler(store, counters, faults, this::restore);
        this.server = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(port)
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ZERO)
                // An answer in chunks would else wait for the client's delayed ACK, 40 ms each.
                .connectionOptions(socket -> socket.tcpNoDelay(true))
                .routing(routing -> routing.any(this::handle))
                .build()
                .start();
        if (!server.isRunning()) {
            // The library logs why and returns; the only cause there can be is the port.
            throw new UncheckedIOException(new BindException("port " + port + " is in use"));
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /**
     * Takes the cluster back in time. As when API servers stop for it, requests that have come and were not yet carried
     * out never are.
     */
    public void restore(Snapshot snapshot) {
        carriedOut.writeLock().lock();
        try {
            restorations++;
            store.restore(snapshot);
        } finally {
            carriedOut.writeLock().unlock();
        }
    }

    private int restorations() {
        carriedOut.readLock().lock();
        try {
            return restorations;
        } finally {
            carriedOut.readLock().unlock();
        }
    }

    private void handle(ServerRequest request, ServerResponse response) {
        Exchange exchange = new Exchange(request, response);
        try {
            route(exchange);
        } catch (ApiException e) {
            exchange.send(e);
        } catch (CloseConnectionException e) {
            throw e;
        } catch (IOException | UncheckedIOException e) {
            throw new CloseConnectionException("the client is gone", e);
        } catch (InterruptedException e) {
            throw new CloseConnectionException("the server ends", e);
        } catch (RuntimeException e) {
            if (exchange.isAnswered()) {
                throw e;
            }
            exchange.send(ApiException.of(500, "InternalError", "Internal error occurred: " + e, null));
        }
    }

    private void route(Exchange exchange) throws IOException, InterruptedException {
        List<String> path = exchange.path();
        switch (path.getFirst()) {
            case "kubesim" -> control.handle(exchange, path);
            case "healthz", "livez", "readyz" -> exchange.sendText(200, "ok");
            case "api" -> {
                if (path.size() > 2) {
                    serve(exchange, "", path.get(1), path.subList(2, path.size()));
                } else {
                    discover(exchange, path);
                }
            }
            case "apis" -> {
                if (path.size() > 3) {
                    serve(exchange, path.get(1), path.get(2), path.subList(3, path.size()));
                } else {
                    discover(exchange, path);
                }
            }
            default -> discover(exchange, path);
        }
    }

    private void discover(Exchange exchange, List<String> path) {
        counters.count("get", "/" + String.join("/", path), exchange.userAgent());
        if (!exchange.method().equals("GET")) {
            throw ApiException.methodNotAllowed();
        }
        discovery.handle(exchange, path);
    }

    private void serve(Exchange exchange, String group, String version, List<String> rest)
            throws IOException, InterruptedException {
        Call review = ReviewHandler.call(exchange.method(), group, version, rest);
        Call call = review != null
                ? review
                : Call.parse(exchange.method(), group, version, rest, exchange.queryFlag("watch"), types);
        // A client may think better of a write until the whole of it has come: then it was none.
        exchange.body();
        counters.count(call.verb(), call.resource(), exchange.userAgent());
        int restorationsBefore = restorations();
        Faults.Hit onWatch = null;
        for (Faults.Hit hit : faults.strike(call, exchange)) {
            onWatch = strike(exchange, call, hit, onWatch);
        }
        if (reviews.answers(call)) {
            reviews.create(exchange, call);
        } else if (call.verb().equals("watch")) {
            watches.watch(exchange, call, onWatch);
        } else {
            carryOut(exchange, call, restorationsBefore);
        }
    }

    private void carryOut(Exchange exchange, Call call, int restorationsBefore) throws IOException {
        carriedOut.readLock().lock();
        try {
            if (restorations != restorationsBefore) {
                throw exchange.drop();
            }
            answer(exchange, call);
        } finally {
            carriedOut.readLock().unlock();
        }
    }

    private Faults.@Nullable Hit strike(Exchange exchange, Call call, Faults.Hit hit, Faults.@Nullable Hit onWatch)
            throws InterruptedException {
        switch (hit.effect()) {
            case DELAY -> Thread.sleep(hit.fault().how().millis());
            case STALL -> hit.await();
            case DROP_BEFORE -> throw exchange.drop();
            case DROP_AFTER -> exchange.dropAnswer();
            case CONFLICT -> throw ApiException.modified(call.type(), call.name());
            case STATUS -> throw Refusals.of(hit.fault());
            case EXPIRE_CONTINUE -> throw ListHandler.expired(exchange);
            case CUT_WATCH, EXPIRE_WATCH, STALL_WATCH, REPEAT_WATCH, REORDER_WATCH -> {
                return hit;
            }
        }
        return onWatch;
    }

    private void answer(Exchange exchange, Call call) throws IOException {
        switch (call.verb()) {
            case "get" -> objects.get(exchange, call);
            case "list" -> lists.list(exchange, call);
            case "create" -> objects.create(exchange, call);
            case "update" -> objects.update(exchange, call);
            case "patch" -> objects.patch(exchange, call);
            case "delete" -> objects.delete(exchange, call);
            case "deletecollection" -> objects.deleteCollection(exchange, call);
            default -> throw ApiException.methodNotAllowed();
        }
    }

    @Override
    public void close() {
        faults.clear();
        server.stop();
    }
}
