package run.clawcloud.block;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.kubesim.http.RequestCounters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What every installation consists of. Permissions are as {@code patch blockrequests.core.clawcloud.run/status}: those
 * that the controller's roles give it, and those that it used.
 */
final class Installation {

    private static final Path FILE = Path.of("../deploy/kustomize/base/block-controller.yaml");

    private static final Path SECURE_METRICS = Path.of("../deploy/kustomize/secure-metrics/secure-metrics.yaml");

    private Installation() {}

    /** What it may do in the whole cluster. */
    static ObjectNode clusterRole() {
        return object("ClusterRole", "block-controller");
    }

    /** What it may do in its own namespace. */
    static ObjectNode role() {
        return object("Role", "block-controller-leader-election");
    }

    /** The flags that it is started with. */
    static List<String> arguments() {
        return StreamSupport.stream(
                        object("Deployment", "block-controller")
                                .at("/spec/template/spec/containers/0/args")
                                .spliterator(),
                        false)
                .map(JsonNode::asString)
                .toList();
    }

    /** What it may do besides when metrics are served over TLS. */
    static ObjectNode reviewRole() {
        return object(SECURE_METRICS, "ClusterRole", "block-controller-metrics-auth");
    }

    /** What lets somebody read metrics. */
    static ObjectNode readerRole() {
        return object(SECURE_METRICS, "ClusterRole", "block-controller-metrics-reader");
    }

    private static ObjectNode object(String kind, String name) {
        return object(FILE, kind, name);
    }

    private static ObjectNode object(Path file, String kind, String name) {
        try (var documents =
                YAMLMapper.builder().build().readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            return documents.readAll().stream()
                    .filter(object -> object.path("kind").asString("").equals(kind)
                            && object.at("/metadata/name").asString("").equals(name))
                    .map(ObjectNode.class::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** What the roles allow. */
    static SortedSet<String> allowed() {
        return allowed(clusterRole(), role());
    }

    /** What these roles allow. */
    static SortedSet<String> allowed(ObjectNode... roles) {
        SortedSet<String> allowed = new TreeSet<>();
        Stream.of(roles).forEach(role -> allow(role, allowed));
        return allowed;
    }

    private static void allow(ObjectNode role, SortedSet<String> allowed) {
        for (JsonNode rule : role.path("rules")) {
            String group = rule.path("apiGroups").path(0).asString("");
            for (JsonNode resource : rule.path("resources")) {
                rule.path("verbs")
                        .forEach(
                                verb -> allowed.add(verb.asString("") + " " + qualified(resource.asString(""), group)));
            }
        }
    }

    /** What the controller has asked of the embedded cluster, which counts without the groups. */
    static SortedSet<String> used(RequestCounters requests) {
        SortedSet<String> used = new TreeSet<>();
        for (var agent : requests.toJson().path("byUserAgent").properties()) {
            if (agent.getKey().startsWith("block-controller/")) {
                agent.getValue().properties().forEach(request -> {
                    String[] words = request.getKey().split(" ", 2);
                    used.add(words[0] + " " + qualified(words[1], group(words[1])));
                });
            }
        }
        return used;
    }

    private static String group(String resource) {
        String plural = resource.split("/", 2)[0];
        return Stream.of(
                        Resource.NAMESPACES,
                        Resource.RESOURCE_QUOTAS,
                        Resource.PODS,
                        Resource.REPLICATION_CONTROLLERS,
                        Resource.DEPLOYMENTS,
                        Resource.STATEFUL_SETS,
                        Resource.REPLICA_SETS,
                        Resource.JOBS,
                        Resource.CRON_JOBS,
                        Resource.EVENTS,
                        Resource.LEASES,
                        Resource.TOKEN_REVIEWS,
                        Resource.SUBJECT_ACCESS_REVIEWS,
                        Resource.BLOCK_REQUESTS)
                .filter(each -> each.plural().equals(plural))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the controller asked for " + resource))
                .group();
    }

    private static String qualified(String resource, String group) {
        String[] parts = resource.split("/", 2);
        return parts[0] + (group.isEmpty() ? "" : "." + group) + (parts.length > 1 ? "/" + parts[1] : "");
    }
}
