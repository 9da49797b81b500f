package run.clawcloud.block.kubesim.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.Caller;
import run.clawcloud.block.kubesim.api.ClusterApi;
import run.clawcloud.block.kubesim.api.DeleteOptions;
import run.clawcloud.block.kubesim.api.DeleteOptions.Propagation;
import run.clawcloud.block.kubesim.api.EventDress;
import run.clawcloud.block.kubesim.api.Patch;
import run.clawcloud.block.kubesim.api.Scale;
import run.clawcloud.block.kubesim.api.Subresource;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.Query;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The verbs that concern one object, and {@code deletecollection}. */
final class ObjectHandler {

    private static final int OK = 200;
    private static final int CREATED = 201;

    /** The kinds whose deletion answers with the object; the others answer with a Status when it is gone. */
    private static final Set<String> RETURNED_WHEN_DELETED = Set.of(
            "Namespace",
            "Pod",
            "Service",
            "ServiceAccount",
            "ResourceQuota",
            "PersistentVolumeClaim",
            "CustomResourceDefinition");

    private static final List<String> PATCHES_OF_CUSTOM =
            List.of("application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml");

    /** The kinds that leave their dependents behind when a deletion does not say what is to become of them. */
    private static final Set<String> ORPHANING = Set.of("Job", "ReplicationController");

    private static final Set<String> READABLE = Set.of("", "application/json", Exchange.YAML, Protobuf.MEDIA_TYPE);

    private final ClusterApi api;
    private final TablePrinter tables;
    private final FieldCheck fields;

    ObjectHandler(ClusterApi api, TablePrinter tables) {
        this.api = api;
        this.tables = tables;
        this.fields = new FieldCheck(api.types());
    }

    void get(Exchange exchange, Call call) {
        reply(exchange, call, OK, api.get(stored(call), call.objectNamespace(), call.name()));
    }

    void create(Exchange exchange, Call call) {
        ObjectNode object = read(exchange, call);
        JsonNode namespace = object.path("metadata").path("namespace");
        if (!namespace.asString(call.objectNamespace()).equals(call.objectNamespace())) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        StoredObject created = api.create(
                stored(call), call.objectNamespace(), EventDress.toStored(call.type(), object), caller(exchange));
        reply(exchange, call, CREATED, created);
    }

    void update(Exchange exchange, Call call) {
        ObjectNode object = read(exchange, call);
        StoredObject updated = api.update(
                stored(call),
                call.objectNamespace(),
                call.name(),
                call.part(),
                EventDress.toStored(call.type(), object),
                caller(exchange));
        reply(exchange, call, OK, updated);
    }

    void patch(Exchange exchange, Call call) {
        refuseDryRun(exchange);
        ResourceType type = call.type();
        if (type.custom() && !PATCHES_OF_CUSTOM.contains(exchange.contentType())) {
            throw ApiException.unsupportedMediaType("the body of the request was in an unknown format - accepted media"
                    + " types include: " + String.join(", ", PATCHES_OF_CUSTOM));
        }
        Patch patch = Patch.parse(exchange.contentType(), exchange.body());
        FieldCheck.Mode mode = FieldCheck.Mode.of(exchange, "PatchOptions");
        StoredObject patched =
                api.modify(stored(call), call.objectNamespace(), call.name(), call.part(), caller(exchange), object -> {
                    ObjectNode after = EventDress.toStored(type, patch.apply(EventDress.fromStored(type, object)));
                    fields.checkPatched(exchange, mode, type, after);
                    return after;
                });
        reply(exchange, call, OK, patched);
    }

    void delete(Exchange exchange, Call call) {
        StoredObject last = api.delete(stored(call), call.objectNamespace(), call.name(), options(exchange, call));
        ResourceType type = call.type();
        boolean gone = api.find(stored(call), call.objectNamespace(), call.name()) == null;
        if (gone && (type.custom() || !RETURNED_WHEN_DELETED.contains(type.kind()))) {
            ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
            status.putObject("metadata");
            ObjectNode details =
                    status.put("status", "Success").putObject("details").put("name", last.name());
            if (!type.group().isEmpty()) {
                details.put("group", type.group());
            }
            details.put("kind", type.plural()).put("uid", last.uid());
            exchange.send(OK, status);
        } else {
            reply(exchange, call, OK, last);
        }
    }

    void deleteCollection(Exchange exchange, Call call) {
        if (call.type().has("finalize") || (call.type().namespaced() && call.namespace() == null)) {
            throw ApiException.methodNotAllowed();
        }
        Selection selection = Selection.of(exchange, call.type());
        DeleteOptions options = options(exchange, call);
        Renderer renderer = renderer(exchange, call);
        ObjectNode list = Json.object()
                .put("kind", call.type().listKind())
                .put("apiVersion", call.type().apiVersion());
        ObjectNode metadata = list.putObject("metadata");
        var items = list.putArray("items");
        for (StoredObject object : api.store()
                .listNow(stored(call), Query.of(call.namespace(), selection))
                .items()) {
            deleteIfThere(object, options);
            items.add(renderer.tree(object));
        }
        metadata.put("resourceVersion", Long.toString(api.store().resourceVersion()));
        exchange.send(OK, list);
    }

    private void deleteIfThere(StoredObject object, DeleteOptions options) {
        try {
            api.delete(object.type(), object.namespace(), object.name(), options);
        } catch (ApiException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    private ResourceType stored(Call call) {
        return api.types().stored(call.type());
    }

    private Renderer renderer(Exchange exchange, Call call) {
        return new Renderer(call.type(), View.of(exchange.accept()), tables);
    }

    private void reply(Exchange exchange, Call call, int code, StoredObject object) {
        byte[] json = call.part() == Subresource.SCALE
                ? Json.bytes(Scale.of(object.tree()))
                : renderer(exchange, call).one(object);
        exchange.send(code, json);
    }

    private static Caller caller(Exchange exchange) {
        String manager = exchange.query("fieldManager");
        return manager == null || manager.isEmpty() ? Caller.ofUserAgent(exchange.userAgent()) : new Caller(manager);
    }

    private static void refuseDryRun(Exchange exchange) {
        if (exchange.query("dryRun") != null) {
            throw ApiException.badRequest("kubesim does not do dry runs");
        }
    }

    /** The object in the body, of the right kind. */
    private ObjectNode read(Exchange exchange, Call call) {
        refuseDryRun(exchange);
        if (!READABLE.contains(exchange.contentType())) {
            throw ApiException.unsupportedMediaType("the body of the request was in an unknown format - accepted media"
                    + " types include: application/json, " + Protobuf.MEDIA_TYPE);
        }
        String kind = call.part() == Subresource.SCALE ? "Scale" : call.type().kind();
        if (!(exchange.json() instanceof ObjectNode object)) {
            throw ApiException.badRequest(
                    "the object provided is unrecognized (must be of type " + kind + "): couldn't get version/kind");
        }
        String given = object.path("kind").asString("");
        if (call.type().custom()) {
            requireSame(call.type(), object, given);
        }
        if (!given.isEmpty() && !given.equals(kind)) {
            String version = object.path("apiVersion").asString("");
            throw ApiException.badRequest(given + " in version \"" + version + "\" cannot be handled as a " + kind
                    + ": converting (" + version + "." + given + ") to (" + kind + "): unknown conversion");
        }
        String options = call.verb().equals("create") ? "CreateOptions" : "UpdateOptions";
        fields.check(exchange, FieldCheck.Mode.of(exchange, options), call.type(), object);
        return object;
    }

    /** Of a custom object, which says what it is. */
    private static void requireSame(ResourceType type, ObjectNode object, String kind) {
        if (kind.isEmpty()) {
            throw ApiException.badRequest("the object provided is unrecognized (must be of type " + type.kind()
                    + "): Object 'Kind' is missing in '" + object + "'");
        }
        String version = object.path("apiVersion").asString("");
        if (!version.equals(type.apiVersion())) {
            throw ApiException.badRequest("the API version in the data (" + version
                    + ") does not match the expected API version (" + type.apiVersion() + ")");
        }
        if (!kind.equals(type.kind())) {
            throw ApiException.wrongKind(
                    type, kind, object.path("metadata").path("name").asString(""));
        }
        for (String map : List.of("labels", "annotations")) {
            object.path("metadata").path(map).forEach(value -> {
                if (!value.isString() && !value.isNull()) {
                    throw ApiException.badRequest(type.kind() + " in version \"" + type.version()
                            + "\" cannot be handled as a " + type.kind() + ": json: cannot unmarshal "
                            + value.getNodeType().name().toLowerCase(Locale.ROOT) + " into Go struct field ObjectMeta."
                            + map + " of type string");
                }
            });
        }
    }

    private static DeleteOptions options(Exchange exchange, Call call) {
        refuseDryRun(exchange);
        JsonNode body = exchange.body().length == 0 ? Json.object() : exchange.json();
        JsonNode preconditions = body.path("preconditions");
        String propagation = first(
                exchange.query("propagationPolicy"),
                body.path("propagationPolicy").asString(""));
        String grace = first(
                exchange.query("gracePeriodSeconds"),
                body.path("gracePeriodSeconds").asString(""));
        if (body.path("orphanDependents").asBoolean(false)) {
            propagation = "Orphan";
        }
        return new DeleteOptions(
                preconditions.has("uid") ? preconditions.path("uid").asString("") : null,
                preconditions.has("resourceVersion")
                        ? preconditions.path("resourceVersion").asString("")
                        : null,
                switch (propagation) {
                    case "Foreground" -> Propagation.FOREGROUND;
                    case "Orphan" -> Propagation.ORPHAN;
                    case "Background" -> Propagation.BACKGROUND;
                    default ->
                        !call.type().custom() && ORPHANING.contains(call.type().kind())
                                ? Propagation.ORPHAN
                                : Propagation.BACKGROUND;
                },
                grace.isEmpty() ? null : Long.valueOf(grace));
    }

    private static String first(@Nullable String query, String body) {
        return query == null || query.isEmpty() ? body : query;
    }
}
