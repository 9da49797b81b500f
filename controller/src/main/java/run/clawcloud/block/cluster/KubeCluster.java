package run.clawcloud.block.cluster;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.feed.NamespaceReading;
import run.clawcloud.block.feed.NamespaceView;
import run.clawcloud.block.feed.Pages;
import run.clawcloud.block.feed.QuotaView;
import run.clawcloud.block.feed.Selectors;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.namespace.Cluster;
import run.clawcloud.block.namespace.NamespacePatch;
import run.clawcloud.block.namespace.Pod;
import run.clawcloud.block.namespace.Scaling;
import run.clawcloud.block.namespace.Workload;
import run.clawcloud.block.namespace.WorkloadKind;
import run.clawcloud.block.state.LockQuota;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/**
 * The flows' requests. Writes are JSON merge patches (RFC 7386) that carry the resourceVersion they were decided on, so
 * that the server refuses them with a conflict when the object has changed.
 */
public final class KubeCluster implements Cluster {

    private final ApiServer server;
    private final int pageSize;
    private final Supplier<Selectors> selectors;

    /**
     * The requests through a door.
     *
     * @param pageSize workloads in a page of a list
     * @param selectors which namespaces are held against
     */
    public KubeCluster(ApiServer server, int pageSize, Supplier<Selectors> selectors) {
        this.server = server;
        this.pageSize = pageSize;
        this.selectors = selectors;
    }

    @Override
    public boolean dryRun() {
        return server.dryRun();
    }

    @Override
    public Optional<NamespaceView> namespace(String name) throws ApiException, InterruptedException {
        return get(Resource.NAMESPACES, null, name, this::view);
    }

    @Override
    public Optional<NamespaceView> patchNamespace(String name, NamespacePatch patch)
            throws ApiException, InterruptedException {
        String body = Json.write(json -> {
            json.writeStartObject();
            json.writeObjectPropertyStart("metadata");
            json.writeStringProperty("resourceVersion", Long.toString(patch.resourceVersion()));
            strings(json, "labels", patch.labels());
            strings(json, "annotations", patch.annotations());
            json.writeEndObject();
            json.writeEndObject();
        });
        return server.write(
                ApiRequest.of(Verb.PATCH, Resource.NAMESPACES, null, name).with(ApiRequest.MERGE_PATCH, body),
                this::view);
    }

    private NamespaceView view(JsonParser parser) {
        return NamespaceReading.view(parser, selectors.get());
    }

    @Override
    public void deleteNamespace(NamespaceView namespace) throws ApiException, InterruptedException {
        delete(
                Resource.NAMESPACES,
                null,
                namespace.name(),
                namespace.uid(),
                Long.toString(namespace.resourceVersion()));
    }

    @Override
    public void createQuota(String namespace, LockQuota quota) throws ApiException, InterruptedException {
        String body = Json.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("apiVersion", Resource.RESOURCE_QUOTAS.apiVersion());
            json.writeStringProperty("kind", "ResourceQuota");
            json.writeObjectPropertyStart("metadata");
            json.writeStringProperty("name", Names.QUOTA);
            strings(json, "labels", Map.of(Names.MANAGED_BY_LABEL, Names.MANAGED_BY));
            json.writeEndObject();
            json.writeObjectPropertyStart("spec");
            strings(json, "hard", quota.hard());
            json.writeEndObject();
            json.writeEndObject();
        });
        server.write(
                ApiRequest.of(Verb.CREATE, Resource.RESOURCE_QUOTAS, namespace, null)
                        .with(ApiRequest.JSON, body),
                KubeCluster::nothing);
    }

    @Override
    public Optional<QuotaView> quota(String namespace) throws ApiException, InterruptedException {
        return get(Resource.RESOURCE_QUOTAS, namespace, Names.QUOTA, QuotaView::read);
    }

    @Override
    public void repairQuota(QuotaView standing, LockQuota quota) throws ApiException, InterruptedException {
        String body = Json.write(json -> {
            json.writeStartObject();
            json.writeObjectPropertyStart("metadata");
            json.writeStringProperty("resourceVersion", Long.toString(standing.resourceVersion()));
            strings(json, "labels", Map.of(Names.MANAGED_BY_LABEL, Names.MANAGED_BY));
            json.writeEndObject();
            json.writeObjectPropertyStart("spec");
            json.writeNullProperty("scopes");
            json.writeNullProperty("scopeSelector");
            json.writeObjectPropertyStart("hard");
            standing.hard().keySet().stream()
                    .filter(resource -> !quota.hard().containsKey(resource))
                    .forEach(json::writeNullProperty);
            quota.hard().forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        });
        server.write(
                ApiRequest.of(Verb.PATCH, Resource.RESOURCE_QUOTAS, standing.namespace(), Names.QUOTA)
                        .with(ApiRequest.MERGE_PATCH, body),
                KubeCluster::nothing);
    }

    @Override
    public void deleteQuota(String namespace) throws ApiException, InterruptedException {
        delete(Resource.RESOURCE_QUOTAS, namespace, Names.QUOTA, null, null);
    }

    @Override
    public void listWorkloads(WorkloadKind kind, String namespace, Consumer<Workload> consumer)
            throws ApiException, InterruptedException {
        list(kind.resource(), namespace, parser -> WorkloadReader.workload(kind, parser), consumer);
    }

    @Override
    public Optional<Workload> workload(WorkloadKind kind, String namespace, String name)
            throws ApiException, InterruptedException {
        return get(kind.resource(), namespace, name, parser -> WorkloadReader.workload(kind, parser));
    }

    @Override
    public void writeWorkload(Workload workload, Scaling.Write write) throws ApiException, InterruptedException {
        String body = Json.write(json -> {
            json.writeStartObject();
            json.writeObjectPropertyStart("metadata");
            json.writeStringProperty("uid", workload.uid());
            if (!write.onlyRemovesNote()) {
                json.writeStringProperty("resourceVersion", workload.resourceVersion());
            }
            json.writeObjectPropertyStart("annotations");
            json.writeStringProperty(workload.kind().knob().annotation(), write.note());
            json.writeEndObject();
            json.writeEndObject();
            Integer replicas = write.replicas();
            Boolean suspend = write.suspend();
            if (replicas != null || suspend != null) {
                json.writeObjectPropertyStart("spec");
                if (replicas != null) {
                    json.writeNumberProperty("replicas", replicas);
                }
                if (suspend != null) {
                    json.writeBooleanProperty("suspend", suspend);
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        });
        server.write(
                ApiRequest.of(Verb.PATCH, workload.kind().resource(), workload.namespace(), workload.name())
                        .with(ApiRequest.MERGE_PATCH, body),
                KubeCluster::nothing);
    }

    @Override
    public void listPods(String namespace, Consumer<Pod> consumer) throws ApiException, InterruptedException {
        list(Resource.PODS, namespace, WorkloadReader::pod, consumer);
    }

    @Override
    public void deletePod(Pod pod) throws ApiException, InterruptedException {
        try {
            delete(Resource.PODS, pod.namespace(), pod.name(), pod.uid(), null);
        } catch (ApiException e) {
            // Another pod of its name: the one that was meant is gone.
            if (!e.conflict()) {
                throw e;
            }
        }
    }

    private <T> void list(Resource resource, String namespace, Function<JsonParser, T> decoder, Consumer<T> consumer)
            throws ApiException, InterruptedException {
        ApiRequest first = ApiRequest.of(Verb.LIST, resource, namespace, null).and("limit", Integer.toString(pageSize));
        Pages.readAll(
                resource.qualifiedName() + " in " + namespace,
                token -> server.open(token == null ? first : first.and("continue", token)),
                decoder,
                consumer);
    }

    private <T> Optional<T> get(
            Resource resource, @Nullable String namespace, String name, Function<JsonParser, T> decoder)
            throws ApiException, InterruptedException {
        return server.find(ApiRequest.of(Verb.GET, resource, namespace, name), decoder);
    }

    /**
     * Deletes one object; that it is gone already is fine.
     *
     * @param uid and resourceVersion: preconditions; null for none
     */
    private void delete(
            Resource resource,
            @Nullable String namespace,
            String name,
            @Nullable String uid,
            @Nullable String resourceVersion)
            throws ApiException, InterruptedException {
        String body = Json.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("apiVersion", "v1");
            json.writeStringProperty("kind", "DeleteOptions");
            if (uid != null) {
                json.writeObjectPropertyStart("preconditions");
                json.writeStringProperty("uid", uid);
                if (resourceVersion != null) {
                    json.writeStringProperty("resourceVersion", resourceVersion);
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        });
        try {
            server.write(
                    ApiRequest.of(Verb.DELETE, resource, namespace, name).with(ApiRequest.JSON, body),
                    KubeCluster::nothing);
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    private static void strings(JsonGenerator json, String name, Map<String, ? extends @Nullable String> values) {
        if (!values.isEmpty()) {
            json.writeObjectPropertyStart(name);
            values.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
    }

    private static Boolean nothing(JsonParser parser) {
        parser.skipChildren();
        return Boolean.TRUE;
    }
}
