package run.clawcloud.block.cluster;

import java.nio.charset.StandardCharsets;
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
     * @param name of the Event, unique in its namespace
     */
    public void create(EventSeries series, String name) throws ApiException, InterruptedException {
        Events.Regarding regarding = series.said().regarding();
        String body = Json.write(json -> {
            json.writeStartObject();
            json.writeStringProperty("apiVersion", Resource.EVENTS.apiVersion());
            json.writeStringProperty("kind", "Event");
            json.writeObjectPropertyStart("metadata");
            json.writeStringProperty("name", name);
            json.writeStringProperty("namespace", namespace(regarding));
            json.writeEndObject();
            json.writeStringProperty("eventTime", MicroTime.of(series.first()));
            json.writeStringProperty("type", series.said().type());
            json.writeStringProperty("reason", series.said().reason());
            json.writeStringProperty("note", cut(series.said().note()));
            json.writeStringProperty("action", series.said().reason());
            json.writeStringProperty("reportingController", "clawcloud.run/block-controller");
            json.writeStringProperty("reportingInstance", instance);
            if (series.count() > 1) {
                count(json, series);
            }
            regarding(json, regarding);
            json.writeEndObject();
        });
        server.write(
                ApiRequest.of(Verb.CREATE, Resource.EVENTS, namespace(regarding), null)
                        .with(ApiRequest.JSON, body),
                JsonParser::skipChildren);
    }

    /** Says that what the Event of this name tells has happened so often by now. All else in an Event is immutable. */
    public void count(EventSeries series, String name) throws ApiException, InterruptedException {
        String body = Json.write(json -> {
            json.writeStartObject();
            count(json, series);
            json.writeEndObject();
        });
        server.write(
                ApiRequest.of(
                                Verb.PATCH,
                                Resource.EVENTS,
                                namespace(series.said().regarding()),
                                name)
                        .with(ApiRequest.MERGE_PATCH, body),
                JsonParser::skipChildren);
    }

    private static void count(JsonGenerator json, EventSeries series) {
        json.writeObjectPropertyStart("series");
        json.writeNumberProperty("count", series.count());
        json.writeStringProperty("lastObservedTime", MicroTime.of(series.last()));
        json.writeEndObject();
    }

    /** Where an Event has to lie that is about an object of no namespace. */
    private static String namespace(Events.Regarding regarding) {
        return regarding.namespace().isEmpty() ? "default" : regarding.namespace();
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
        if (!regarding.namespace().isEmpty()) {
            json.writeStringProperty("namespace", regarding.namespace());
        }
        json.writeStringProperty("name", regarding.name());
        if (!regarding.uid().isEmpty()) {
            json.writeStringProperty("uid", regarding.uid());
        }
        json.writeEndObject();
    }
}
