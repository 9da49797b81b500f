package run.clawcloud.block.kubesim.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;

/** Custom resources where the contract has nothing to say: from the start, in great numbers, and when they go. */
class CustomResourceTest {

    private static final String CRATES = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: left-out}
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: crates.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: crates, kind: Crate}
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      names:
                        type: array
                        maxItems: 150000
                        items:
                          type: string
                          maxLength: 63
                          x-kubernetes-validations:
                          - rule: self.matches('^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$')
                            messageExpression: "'not a name: ' + self"
            """;

    private static final String PATH = "/apis/example.com/v1/namespaces/default/crates";
    private static final int MANY = 100_000;

    private final KubeSim cluster =
            KubeSim.start(SimOptions.defaults().withControllers(List.of()).withCrds(List.of(CRATES)));
    private final Client client = new Client(cluster);

    @AfterEach
    void close() {
        cluster.close();
    }

    private static String crate(String name, String names) {
        return "{'apiVersion':'example.com/v1','kind':'Crate','metadata':{'name':'" + name + "'},'names':[" + names
                + "]}";
    }

    @Test
    void theyAreServedFromTheStart() throws IOException, InterruptedException {
        assertThat(client.post(PATH, crate("one", "'a'")).code()).isEqualTo(201);
        assertThat(client.get(PATH).itemNames()).containsExactly("one");
    }

    @Test
    @Timeout(30)
    void aRuleIsAskedOfAHundredThousandItems() throws IOException, InterruptedException {
        String names =
                IntStream.range(0, MANY).mapToObj(i -> "'ns-%06d'".formatted(i)).collect(Collectors.joining(","));

        assertThat(client.post(PATH, crate("many", names)).code()).isEqualTo(201);
        Client.Answer refusal = client.post(PATH, crate("bad", names.replace("ns-077777", "Bad")));
        assertThat(refusal.code()).isEqualTo(422);
        assertThat(refusal.body().path("message").asString())
                .endsWith("names[77777]: Invalid value: \"string\": not a name: Bad");
    }

    @Test
    @Timeout(30)
    void aWatchEndsWhenItsTypeIsServedNoLonger() throws IOException, InterruptedException {
        assertThat(client.post(PATH, crate("one", "'a'")).code()).isEqualTo(201);
        String version = client.get(PATH).resourceVersion();
        try (Client.Watch watch = client.watch(PATH + "?watch=1&resourceVersion=" + version)) {
            client.delete("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/crates.example.com", "{}");
            assertThat(watch.summary()).isEqualTo("DELETED one");
            assertThat(watch.summary()).startsWith("end");
        }
        assertThat(client.get(PATH).code()).isEqualTo(404);
    }
}
