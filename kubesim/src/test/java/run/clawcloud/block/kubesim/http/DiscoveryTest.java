package run.clawcloud.block.kubesim.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.JsonNode;

/** What a client learns about the server, and the views in which it may ask for objects. */
class DiscoveryTest {

    private final KubeSim cluster = KubeSim.start(SimOptions.defaults().withControllers(List.of()));
    private final Client client = new Client(cluster);

    @AfterEach
    void close() {
        cluster.close();
    }

    private static List<String> names(JsonNode array) {
        List<String> names = new ArrayList<>();
        array.forEach(element -> names.add(element.path("name").asString("")));
        return names;
    }

    @Test
    void groupsVersionsAndTypes() throws IOException, InterruptedException {
        assertThat(client.get("/version").body().path("gitVersion").asString()).startsWith("v1.32.");
        assertThat(client.get("/api").body().path("versions").toString()).isEqualTo("[\"v1\"]");
        assertThat(names(client.get("/apis").body().path("groups")))
                .containsExactly("apps", "batch", "coordination.k8s.io", "events.k8s.io", "apiextensions.k8s.io");
        JsonNode core = client.get("/api/v1").body().path("resources");
        assertThat(names(core)).contains("pods", "pods/status", "namespaces/finalize", "replicationcontrollers/scale");
        JsonNode apps = client.get("/apis/apps/v1").body();
        assertThat(apps.path("groupVersion").asString()).isEqualTo("apps/v1");
        assertThat(names(apps.path("resources"))).contains("deployments/scale", "daemonsets/status");
        assertThat(client.get("/apis/apps/v2").code()).isEqualTo(404);
        assertThat(client.get("/readyz").code()).isEqualTo(200);
    }

    @Test
    void openApiSaysThatTheServerValidates() throws IOException, InterruptedException {
        String url = client.get("/openapi/v3")
                .body()
                .path("paths")
                .path("apis/apps/v1")
                .path("serverRelativeURL")
                .asString();
        JsonNode patch = client.get(url)
                .body()
                .path("paths")
                .path("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
                .path("patch");
        assertThat(patch.path("parameters").path(0).path("name").asString()).isEqualTo("fieldValidation");
        assertThat(patch.path("x-kubernetes-group-version-kind").path("kind").asString())
                .isEqualTo("Deployment");
    }

    private JsonNode namespaces(String accept) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(cluster.url() + "/api/v1/namespaces"))
                .header("Accept", accept)
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return Json.parse(http.send(request, BodyHandlers.ofString()).body());
        }
    }

    @Test
    void objectsAreShownAsTableOrMetadataIfAsked() throws IOException, InterruptedException {
        JsonNode table = namespaces("application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
        assertThat(table.path("kind").asString()).isEqualTo("Table");
        assertThat(names(table.path("columnDefinitions"))).containsExactly("Name", "Status", "Age");
        JsonNode row = table.path("rows").path(0);
        assertThat(row.path("cells").path(0).asString()).isEqualTo("default");
        assertThat(row.path("cells").path(1).asString()).isEqualTo("Active");
        assertThat(row.path("object").path("metadata").path("name").asString()).isEqualTo("default");

        JsonNode partial = namespaces("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
        assertThat(partial.path("kind").asString()).isEqualTo("PartialObjectMetadataList");
        assertThat(partial.path("items").path(0).path("kind").asString()).isEqualTo("PartialObjectMetadata");
        assertThat(partial.path("items").path(0).has("spec")).isFalse();

        assertThat(namespaces("application/vnd.kubernetes.protobuf, */*")
                        .path("kind")
                        .asString())
                .isEqualTo("NamespaceList");
        assertThat(namespaces("text/html").path("code").asInt()).isEqualTo(406);
    }
}
