package run.clawcloud.block.cluster;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.feed.ListWatch;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.leader.Lease;
import run.clawcloud.block.leader.Leases;
import tools.jackson.core.JsonGenerator;

/**
 * The Lease that is competed for. It is written with JSON merge patches (RFC 7386) that carry the resourceVersion that
 * was seen, one request each.
 */
public final class KubeLeases implements Leases {

    private final ApiServer server;
    private final String namespace;
    private final String name;
    private final InstantSource clock;

    /** @param server through which writes pass without asking for the leadership, for they decide on it */
    public KubeLeases(ApiServer server, String namespace, String name, InstantSource clock) {
        this.server = server;
        this.namespace = namespace;
        this.name = name;
        this.clock = clock;
    }

    /** The Lease as a collection of one, which can be watched. */
    public ListWatch collection() {
        return KubeListWatch.single(server, Resource.LEASES, namespace, name);
    }

    @Override
    public Optional<Lease> get(Duration limit) throws ApiException, InterruptedException {
        return server.answeringWithin(limit).find(request(Verb.GET, name, limit), Lease::read);
    }

    @Override
    public Lease create(String holder, Duration length, Duration limit) throws ApiException, InterruptedException {
        String body = Json.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("apiVersion", Resource.LEASES.apiVersion());
            json.writeStringProperty("kind", "Lease");
            json.writeObjectPropertyStart("metadata");
            json.writeStringProperty("name", name);
            json.writeStringProperty("namespace", namespace);
            json.writeEndObject();
            json.writeObjectPropertyStart("spec");
            json.writeNumberProperty("leaseDurationSeconds", length.toSeconds());
            if (!holder.isEmpty()) {
                json.writeStringProperty("holderIdentity", holder);
                time(json, "acquireTime");
                time(json, "renewTime");
            }
            json.writeNumberProperty("leaseTransitions", 0);
            json.writeEndObject();
            json.writeEndObject();
        });
        return write(request(Verb.CREATE, null, limit).with(ApiRequest.JSON, body), limit);
    }

    @Override
    public Lease take(Lease seen, String holder, Duration length, Duration limit)
            throws ApiException, InterruptedException {
        return patch(seen, limit, json -> {
            held(json, holder, length);
            time(json, "acquireTime");
            json.writeNumberProperty("leaseTransitions", seen.transitions() + 1);
        });
    }

    @Override
    public Lease renew(Lease seen, String holder, Duration length, Duration limit)
            throws ApiException, InterruptedException {
        return patch(seen, limit, json -> held(json, holder, length));
    }

    @Override
    public Lease release(Lease seen, Duration limit) throws ApiException, InterruptedException {
        return patch(seen, limit, json -> {
            json.writeNullProperty("holderIdentity");
            json.writeNumberProperty("leaseDurationSeconds", Lease.RELEASED_SECONDS);
            time(json, "renewTime");
        });
    }

    @FunctionalInterface
    private interface Spec {
        void write(JsonGenerator json);
    }

    private Lease patch(Lease seen, Duration limit, Spec spec) throws ApiException, InterruptedException {
        String body = Json.write(json -> {
            json.writeStartObject();
            json.writeObjectPropertyStart("metadata");
            json.writeStringProperty("resourceVersion", Long.toString(seen.resourceVersion()));
            json.writeEndObject();
            json.writeObjectPropertyStart("spec");
            spec.write(json);
            json.writeEndObject();
            json.writeEndObject();
        });
        return write(request(Verb.PATCH, name, limit).with(ApiRequest.MERGE_PATCH, body), limit);
    }

    private Lease write(ApiRequest request, Duration limit) throws ApiException, InterruptedException {
        return server.answeringWithin(limit)
                .write(request, Lease::read)
                .orElseThrow(() -> new IllegalStateException("nobody is elected in a dry run"));
    }

    private ApiRequest request(Verb verb, @Nullable String object, Duration limit) {
        return ApiRequest.of(verb, Resource.LEASES, namespace, object).patience(limit);
    }

    private void held(JsonGenerator json, String holder, Duration length) {
        json.writeStringProperty("holderIdentity", holder);
        json.writeNumberProperty("leaseDurationSeconds", length.toSeconds());
        time(json, "renewTime");
    }

    private void time(JsonGenerator json, String field) {
        json.writeStringProperty(field, MicroTime.of(clock.instant()));
    }
}
