package run.clawcloud.block.kubesim.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import run.clawcloud.block.kubesim.api.EventDress;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ResourceType;
import run.clawcloud.block.kubesim.store.StoredObject;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes objects of one type in one view.
 *
 * @param type as the client asked for it
 * @param view how
 * @param tables for {@link View#TABLE}
 */
record Renderer(ResourceType type, View view, TablePrinter tables) {

    /** The JSON of one object. */
    byte[] one(StoredObject object) {
        return switch (view) {
            case OBJECT -> whole(object);
            case METADATA -> Json.bytes(metadataOnly(tree(object)));
            case TABLE -> Json.bytes(tables.table(type, tree(object)));
        };
    }

    ObjectNode tree(StoredObject object) {
        return type.custom()
                ? object.tree().put("apiVersion", type.apiVersion())
                : EventDress.fromStored(type, object.tree());
    }

    private byte[] whole(StoredObject object) {
        return type.equals(object.type()) ? object.json() : Json.bytes(tree(object));
    }

    private static ObjectNode metadataOnly(ObjectNode object) {
        ObjectNode partial = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    /** What stands before the items of a list. */
    byte[] listStart(ObjectNode listMetadata) {
        ObjectNode list = switch (view) {
            case OBJECT -> Json.object().put("kind", type.listKind()).put("apiVersion", type.apiVersion());
            case METADATA ->
                Json.object().put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/v1");
            case TABLE -> Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        };
        list.set("metadata", listMetadata);
        if (view == View.TABLE) {
            list.set("columnDefinitions", tables.columns(type));
        }
        byte[] json = Json.bytes(list);
        String items = view == View.TABLE ? ",\"rows\":[" : ",\"items\":[";
        byte[] start = Arrays.copyOf(json, json.length - 1 + items.length());
        System.arraycopy(items.getBytes(StandardCharsets.US_ASCII), 0, start, json.length - 1, items.length());
        return start;
    }

    /** One item of a list. Those of built-in types are without kind and apiVersion there, as in kube-apiserver's. */
    void item(StoredObject object, OutputStream out) throws IOException {
        switch (view) {
            case OBJECT -> {
                byte[] json = whole(object);
                byte[] head = head();
                if (!type.custom()
                        && Arrays.equals(json, 0, Math.min(head.length, json.length), head, 0, head.length)) {
                    out.write('{');
                    out.write(json, head.length, json.length - head.length);
                } else {
                    out.write(json);
                }
            }
            case METADATA -> out.write(Json.bytes(metadataOnly(tree(object))));
            case TABLE -> out.write(Json.bytes(tables.row(type, tree(object))));
        }
    }

    private byte[] head() {
        return ("{\"kind\":\"" + type.kind() + "\",\"apiVersion\":\"" + type.apiVersion() + "\",")
                .getBytes(StandardCharsets.UTF_8);
    }
}
