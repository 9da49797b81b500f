package run.clawcloud.block.kubesim.api;

import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A change to an object, as a PATCH request says it. */
public sealed interface Patch permits JsonPatch, MergePatch, StrategicMergePatch {

    /**
     * The object after the patch.
     *
     * @param object may be changed
     * @throws ApiException 422 when the patch does not fit the object
     */
    ObjectNode apply(ObjectNode object);

    /**
     * Reads a patch.
     *
     * @param mediaType of the request's body
     * @throws ApiException 415 when it is no patch's, 400 when the body can't be read
     */
    static Patch parse(String mediaType, byte[] body) {
        return switch (mediaType) {
            case "application/json-patch+json" -> {
                if (read(body) instanceof ArrayNode operations) {
                    yield JsonPatch.of(operations);
                }
                throw ApiException.badRequest(
                        "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp");
            }
            case "application/merge-patch+json" -> new MergePatch(object(body));
            case "application/strategic-merge-patch+json" -> new StrategicMergePatch(object(body));
            case "application/apply-patch+yaml", "application/apply-patch+cbor" ->
                throw ApiException.unsupportedMediaType(
                        "kubesim does not do server-side apply: use client-side apply or another kind of patch");
            default -> throw ApiException.unsupportedMediaType("415: Unsupported Media Type");
        };
    }

    private static ObjectNode object(byte[] body) {
        if (read(body) instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.badRequest(
                "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}");
    }

    private static JsonNode read(byte[] body) {
        try {
            return Json.parse(body);
        } catch (JacksonException e) {
            throw ApiException.badRequest("error decoding patch: " + e.getOriginalMessage());
        }
    }
}
