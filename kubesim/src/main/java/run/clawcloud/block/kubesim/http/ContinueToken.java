package run.clawcloud.block.kubesim.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.store.Json;
import run.clawcloud.block.kubesim.store.ObjectKey;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Where a list in pages goes on: opaque to clients.
 *
 * @param resourceVersion the moment that the first page showed; -1 to go on with what stands now
 * @param after the last key of the page before
 * @param sent how many objects were sent so far
 */
record ContinueToken(long resourceVersion, ObjectKey after, long sent) {

    private static final String VERSION = "meta.k8s.io/v1";

    static ContinueToken parse(String text) {
        try {
            JsonNode json = Json.parse(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
            String start = json.path("start").asString("");
            int slash = start.indexOf('/');
            if (!json.path("v").asString("").equals(VERSION) || slash < 0) {
                throw ApiException.badRequest(
                        "continue key is not valid: server does not recognize this encoded version");
            }
            ObjectKey after = new ObjectKey(start.substring(0, slash), start.substring(slash + 1));
            return new ContinueToken(
                    json.path("rv").asLong(), after, json.path("sent").asLong());
        } catch (IllegalArgumentException | JacksonException e) {
            throw ApiException.badRequest("invalid continue token: continue key is not valid: " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        byte[] json = Json.bytes(Json.object()
                .put("v", VERSION)
                .put("rv", resourceVersion)
                .put("start", after.namespace() + "/" + after.name())
                .put("sent", sent));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }
}
