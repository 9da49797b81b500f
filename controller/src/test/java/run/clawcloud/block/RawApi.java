package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests of which every byte is the test's own: what a typed client would not send. */
final class RawApi {

    static final String JSON = "application/json";
    static final String YAML = "application/yaml";
    static final String MERGE_PATCH = "application/merge-patch+json";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final HttpClient http;
    private final String url;

    RawApi(KubernetesClient client) {
        http = client.getHttpClient();
        url = client.getMasterUrl().toString();
    }

    /** The status code, and the object or the Status that came with it. */
    record Answer(int code, JsonNode body) {
        String message() {
            return body.path("message").asString("");
        }

        /** The object, which nobody refused. */
        JsonNode accepted() {
            assertThat(code).as(message()).isBetween(200, 299);
            return body;
        }
    }

    static JsonNode json(String text) {
        return MAPPER.readTree(text);
    }

    /** @param path without a slash in front */
    Answer get(String path) {
        return send(request(path));
    }

    /** As {@code kubectl get} asks, which is answered with the printer columns. */
    Answer getTable(String path) {
        return send(request(path).header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"));
    }

    Answer create(String path, String contentType, String body) {
        return send(request(path).post(contentType, body));
    }

    Answer patch(String path, String body) {
        return send(request(path).patch(MERGE_PATCH, body));
    }

    Answer delete(String path) {
        return send(request(path).delete(JSON, ""));
    }

    private HttpRequest.Builder request(String path) {
        return http.newHttpRequestBuilder().uri(url + path);
    }

    private Answer send(HttpRequest.Builder request) {
        HttpResponse<String> answer =
                http.sendAsync(request.build(), String.class).join();
        return new Answer(answer.code(), json(answer.body()));
    }
}
