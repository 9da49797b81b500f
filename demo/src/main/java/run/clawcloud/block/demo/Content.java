package run.clawcloud.block.demo;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import run.clawcloud.block.harness.Api;
import run.clawcloud.block.harness.Meta;
import tools.jackson.databind.JsonNode;

/**
 * A namespace and the objects in it, as the API server gave them.
 *
 * @param namespace the Namespace itself
 * @param objects the objects by kind; every kind has an entry
 */
record Content(JsonNode namespace, Map<Kind, List<JsonNode>> objects) {
    /** Reads all kinds; the namespace first, so that nothing in it is older than what the namespace says. */
    static Content read(Api api, String name) throws InterruptedException {
        JsonNode namespace = api.get(Api.namespace(name));
        Map<Kind, List<JsonNode>> objects = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.all()) {
            List<JsonNode> found = new ArrayList<>();
            api.list(kind.path(name), "", found::add);
            objects.put(kind, found);
        }
        return new Content(namespace, objects);
    }

    String name() {
        return Meta.name(namespace);
    }

    List<JsonNode> of(Kind kind) {
        return objects.getOrDefault(kind, List.of());
    }

    /** Pods that run, or are about to. */
    Stream<JsonNode> livePods() {
        return of(Kind.POD).stream().filter(pod -> !Fields.isFinishedPod(pod) && !Fields.isStaticPod(pod));
    }
}
