package run.clawcloud.block;

import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.kubesim.http.RequestCounters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What the controller's role lets it do in the whole cluster, as every installation has it, and what it did: each as
 * {@code patch blockrequests.core.clawcloud.run/status}.
 */
final class Permissions {

    private static final Path INSTALLATION = Path.of("../deploy/kustomize/base/block-controller.yaml");
    private static final String ROLE = "block-controller";

    private Permissions() {}

    /** The role as it is installed. */
    static ObjectNode role() {
        try (var documents =
                YAMLMapper.builder().build().readerFor(JsonNode.class).<JsonNode>readValues(INSTALLATION.toFile())) {
            return documents.readAll().stream()
                    .filter(object -> object.path("kind").asString("").equals("ClusterRole")
                            && object.at("/metadata/name").asString("").equals(ROLE))
                    .map(ObjectNode.class::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** What the role allows. */
    static SortedSet<String> allowed() {
        SortedSet<String> allowed = new TreeSet<>();
        for (JsonNode rule : role().path("rules")) {
            String group = rule.path("apiGroups").path(0).asString("");
            for (JsonNode resource : rule.path("resources")) {
                rule.path("verbs")
                        .forEach(
                                verb -> allowed.add(verb.asString("") + " " + qualified(resource.asString(""), group)));
            }
        }
        return allowed;
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
