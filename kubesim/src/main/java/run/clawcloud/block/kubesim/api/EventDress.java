package run.clawcloud.block.kubesim.api;

import java.util.Map;
import java.util.stream.Collectors;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import tools.jackson.databind.node.ObjectNode;

/**
 * The two forms of an Event. Core v1 and events.k8s.io/v1 show the same stored object under different field names;
 * stored is the core form. What is on its way into the store keeps the version of its form until then, for the newer
 * one has more rules. Names from k8s.io/kubernetes/pkg/apis/events/v1/conversion.go.
 */
public final class EventDress {

    private static final Map<String, String> NEW_TO_CORE = Map.of(
            "regarding", "involvedObject",
            "note", "message",
            "reportingController", "reportingComponent",
            "deprecatedSource", "source",
            "deprecatedFirstTimestamp", "firstTimestamp",
            "deprecatedLastTimestamp", "lastTimestamp",
            "deprecatedCount", "count");

    private static final Map<String, String> CORE_TO_NEW = NEW_TO_CORE.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private EventDress() {}

    /** The type under which objects of the type asked for are stored. */
    public static ResourceType stored(ResourceType asked) {
        return asked.equals(Kinds.EVENTS_V1) ? Kinds.EVENTS : asked;
    }

    /** What is to be stored of an object in the form of the type asked for; its {@code apiVersion} still names that. */
    public static ObjectNode toStored(ResourceType asked, ObjectNode object) {
        return asked.equals(Kinds.EVENTS_V1) ? rename(object, asked, NEW_TO_CORE) : object;
    }

    /** A stored object in the form of the type asked for. */
    public static ObjectNode fromStored(ResourceType asked, ObjectNode stored) {
        return asked.equals(Kinds.EVENTS_V1) ? rename(stored, asked, CORE_TO_NEW) : stored;
    }

    /** Whether an object on its way into the store came in the form of events.k8s.io/v1. */
    static boolean isNew(ObjectNode object) {
        return Kinds.EVENTS_V1.kind().equals(object.path("kind").asString(""))
                && Kinds.EVENTS_V1.apiVersion().equals(object.path("apiVersion").asString(""));
    }

    private static ObjectNode rename(ObjectNode from, ResourceType to, Map<String, String> names) {
        ObjectNode renamed = Json.object().put("kind", to.kind()).put("apiVersion", to.apiVersion());
        from.properties().stream()
                .filter(field -> !renamed.has(field.getKey()))
                .forEach(field -> renamed.set(names.getOrDefault(field.getKey(), field.getKey()), field.getValue()));
        return renamed;
    }
}
