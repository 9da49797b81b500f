package run.clawcloud.block.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import run.clawcloud.block.kube.ApiException;
import run.clawcloud.block.kube.Json;
import run.clawcloud.block.kube.Resource;
import run.clawcloud.block.namespace.Events;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/**
 * Writes Kubernetes Events.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/">Event</a>
 */
public final class EventWriter {

    /** The API's limit. */
    private static final int LONGEST_NOTE = 1024;

    private final ApiServer server;
    private final String instance;

    /**
     * A writer.
     *
     * @param instance names this process among its like
     */
    public EventWriter(ApiServer server, String instance) {
        this.server = server;
        this.instance = instance;
    }

    /**
     * Writes one Event.
     *
     * @param type {@code Normal} or {@code Warning}
     * @param name of the Event, unique in its namespace
     */
    public void write(Events.Regarding regarding, String type, String reason, String note, String name, Instant time)
            throws ApiException, InterruptedException {
        String body = Json.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("apiVersion", Resource.EVENTS.apiVersion());
            json.writeStringProperty("kind", "Event");
            json.writeObjectPropertyStart("metadata");
            json.writeStringProperty("name", name);
            json.writeStringProperty("namespace", regarding.namespace());
            json.writeEndObject();
            json.writeStringProperty("eventTime", MicroTime.of(time));
            json.writeStringProperty("type", type);
            json.writeStringProperty("reason", reason);
            json.writeStringProperty("note", cut(note));
            json.writeStringProperty("action", reason);
            json.writeStringProperty("reportingController", "clawcloud.run/block-controller");
            json.writeStringProperty("reportingInstance", instance);
            regarding(json, regarding);
            json.writeEndObject();
        });
        server.write(
                ApiRequest.of(Verb.CREATE, Resource.EVENTS, regarding.namespace(), null)
                        .with(ApiRequest.JSON, body),
                JsonParser::skipChildren);
    }

    /** What the API takes, in bytes of UTF-8 and in whole characters. */
    private static String cut(String note) {
        byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(bytes.length, LONGEST_NOTE);
        while (end < bytes.length && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private static void regarding(JsonGenerator json, Events.Regarding regarding) {
        json.writeObjectPropertyStart("regarding");
        json.writeStringProperty("apiVersion", regarding.apiVersion());
        json.writeStringProperty("kind", regarding.kind());
        json.writeStringProperty("namespace", regarding.namespace());
        json.writeStringProperty("name", regarding.name());
        if (!regarding.uid().isEmpty()) {
            json.writeStringProperty("uid", regarding.uid());
        }
        json.writeEndObject();
    }
}
