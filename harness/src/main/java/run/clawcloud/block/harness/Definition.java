package run.clawcloud.block.harness;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The CustomResourceDefinition of BlockRequests: the file that every cluster gets, sent as it stands. */
public final class Definition {
    private static final String FILE = "deploy/crd/blockrequests.core.clawcloud.run.yaml";
    private static final String LIST = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String PATH = LIST + "/blockrequests.core.clawcloud.run";

    private final Api api;
    private final Path file;

    /**
     * Sends nothing yet.
     *
     * @param launcher the launcher script, at the root of the repository
     */
    public Definition(Api api, Path launcher) {
        this.api = api;
        this.file = launcher.resolveSibling(FILE);
    }

    /** Has the server check and keep it; one that is there already stays as it is. */
    public void apply() throws InterruptedException {
        try {
            HttpResponse<byte[]> answer = api.exchange(
                    "POST",
                    LIST + "?fieldManager=kubectl&fieldValidation=Strict",
                    "application/yaml",
                    Files.readAllBytes(file));
            if (answer.statusCode() != 201 && answer.statusCode() != 409) {
                throw new HarnessException("the server does not take %s: status %d, %s"
                        .formatted(file, answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            throw new HarnessException("can't apply " + file + ": " + e);
        }
    }

    /** Whether the server serves BlockRequests now. */
    public boolean isEstablished() throws InterruptedException {
        return api.get(PATH)
                .path("status")
                .path("conditions")
                .valueStream()
                .anyMatch(condition -> condition.path("type").asString("").equals("Established")
                        && condition.path("status").asString("").equals("True"));
    }
}
