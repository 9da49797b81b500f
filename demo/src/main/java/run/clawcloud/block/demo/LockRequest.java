package run.clawcloud.block.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import run.clawcloud.block.api.BlockRequestStatus;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.harness.Api;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One of the two BlockRequests of the demo: the object that is created, and what its status has to say in the end.
 *
 * @param bySelector whether it is for the namespaces with the label {@link #LABEL}; else it names them
 * @param namespaces those that it is for
 */
record LockRequest(boolean bySelector, List<String> namespaces) {
    /** What the demo sets on a namespace that is to be locked by a selector, as a billing system could. */
    static final String LABEL = "example.com/billing";

    static final String LABEL_VALUE = "overdue";

    static final Duration LOCK_DURATION = Duration.ofDays(30);

    /**
     * An object must stay below 1.5 MiB, or etcd does not take it. More are left to the selector, which costs nothing.
     */
    private static final int MOST_NAMES = 50_000;

    private static final String NAMESPACE = "default";
    private static final String LIST =
            "/apis/" + Names.GROUP + "/" + Names.VERSION + "/namespaces/" + NAMESPACE + "/blockrequests";
    private static final int MOST_STATUS_BYTES = 200_000;

    /** One request with a selector and one with names, for half of the namespaces each; none without namespaces. */
    static List<LockRequest> forAll(List<String> namespaces) {
        int named = Math.min(namespaces.size() / 2, MOST_NAMES);
        int selected = namespaces.size() - named;
        return Stream.of(
                        new LockRequest(true, namespaces.subList(0, selected)),
                        new LockRequest(false, namespaces.subList(selected, namespaces.size())))
                .filter(request -> !request.namespaces().isEmpty())
                .toList();
    }

    String name() {
        return bySelector ? "overdue" : "suspicious";
    }

    /** As the annotation held-by says it. */
    String key() {
        return NAMESPACE + "/" + name();
    }

    String reason() {
        return bySelector ? "the last invoice is overdue" : "mines coins";
    }

    String path() {
        return LIST + "/" + name();
    }

    void create(Api api) throws InterruptedException {
        api.create(LIST, object());
    }

    ObjectNode object() {
        ObjectNode object = Api.JSON.createObjectNode();
        object.put("apiVersion", Names.GROUP + "/" + Names.VERSION);
        object.put("kind", "BlockRequest");
        object.putObject("metadata").put("name", name());
        ObjectNode spec = object.putObject("spec");
        if (bySelector) {
            spec.putObject("namespaceSelector").putObject("matchLabels").put(LABEL, LABEL_VALUE);
        } else {
            namespaces.forEach(spec.putArray("namespaceNames")::add);
        }
        spec.put("action", Names.LOCKED);
        spec.put("reason", reason());
        spec.put("lockDuration", LOCK_DURATION.toDays() + "d");
        return object;
    }

    /**
     * What its status does not say yet, a line each; empty once it is Ready with the counts of exactly its namespaces.
     *
     * @param request as the API server has it
     */
    List<String> problems(JsonNode request) {
        List<String> problems = new ArrayList<>();
        JsonNode status = request.path("status");
        JsonNode ready = status.path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asString("").equals(BlockRequestStatus.READY))
                .findFirst()
                .orElseGet(Api.JSON::createObjectNode);
        String generation = request.path("metadata").path("generation").asString("none");
        expect(problems, "Ready", ready.path("status"), "True");
        expect(problems, "the reason of Ready", ready.path("reason"), BlockRequestStatus.APPLIED);
        expect(problems, "observedGeneration", status.path("observedGeneration"), generation);
        String all = Integer.toString(namespaces.size());
        expect(problems, "targetCount", status.path("targetCount"), all);
        expect(problems, "lockedCount", status.path("lockedCount"), all);
        expect(problems, "processedNamespaceCount", status.path("processedNamespaceCount"), all);
        expect(problems, "failedCount", status.path("failedCount"), "0");
        expectEntries(problems, status.path("namespaceStatuses"));
        int bytes = status.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes >= MOST_STATUS_BYTES) {
            problems.add("%s: its status has %,d bytes".formatted(title(), bytes));
        }
        return problems;
    }

    private void expect(List<String> problems, String what, JsonNode value, String wanted) {
        if (!value.asString("absent").equals(wanted)) {
            problems.add("%s: %s is %s, not %s".formatted(title(), what, value.asString("absent"), wanted));
        }
    }

    /** As many as there are namespaces, but no more than allowed; each for another namespace of this request. */
    private void expectEntries(List<String> problems, JsonNode entries) {
        int wanted = Math.min(namespaces.size(), BlockRequestStatus.MOST_NAMESPACE_STATUSES);
        Set<String> rest = new HashSet<>(namespaces);
        long right = entries.valueStream()
                .filter(entry -> entry.path("phase").asString("").equals("Locked"))
                .filter(entry -> rest.remove(entry.path("namespace").asString("")))
                .count();
        if (entries.size() != wanted || right != wanted) {
            problems.add("%s: namespaceStatuses has %d entries, %d of them of its namespaces in phase Locked, not %d"
                    .formatted(title(), entries.size(), right, wanted));
        }
    }

    String title() {
        return "BlockRequest " + key();
    }
}
