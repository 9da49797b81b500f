package run.clawcloud.block.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import run.clawcloud.block.api.Names;
import run.clawcloud.block.kubesim.KubeSim;
import run.clawcloud.block.kubesim.SimOptions;
import run.clawcloud.block.kubesim.http.Fault;
import run.clawcloud.block.kubesim.http.Fault.Effect;
import run.clawcloud.block.kubesim.seed.Tenants;
import tools.jackson.databind.node.ObjectNode;

/** The client, against the embedded cluster over HTTP. */
class ApiTest {
    private static final int TENANTS = 1_200;
    private static final String ACTIVE = "/api/v1/namespaces/tenant-000001";

    private final KubeSim cluster =
            KubeSim.start(SimOptions.defaults().withTenants(new Tenants(TENANTS, TENANTS, 0, Tenants.Workloads.NONE)));
    private final Api api = new Api(Connection.open(cluster.url()), "block-controller-test");

    @AfterEach
    void close() {
        api.close();
        cluster.close();
    }

    @Test
    void readsAllPagesOfAList() throws InterruptedException {
        List<String> names = new ArrayList<>();
        api.list(Api.NAMESPACES, "labelSelector=" + Names.STATUS_LABEL, namespace -> names.add(Meta.name(namespace)));
        assertThat(names).hasSize(TENANTS).doesNotHaveDuplicates();
    }

    @Test
    void countsWithoutReading() throws InterruptedException {
        int system = 4;
        assertThat(api.count(Api.NAMESPACES)).isEqualTo(TENANTS + system);
    }

    @Test
    void asksAgainWhenTheServerIsBusyOrTheConnectionBreaks() throws InterruptedException {
        cluster.faults()
                .set(1, List.of(Fault.of(Effect.STATUS).on("get", "namespaces").times(1)));
        assertThat(Meta.name(api.get(ACTIVE))).isEqualTo("tenant-000001");
        cluster.faults()
                .set(
                        1,
                        List.of(Fault.of(Effect.DROP_BEFORE)
                                .on("get", "namespaces")
                                .times(1)));
        assertThat(Meta.name(api.get(ACTIVE))).isEqualTo("tenant-000001");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> api.get("/api/v1/namespaces/nobody"))
                .isInstanceOf(HarnessException.class)
                .hasMessageContaining("/api/v1/namespaces/nobody")
                .hasMessageContaining("404");
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT_WATCH", "EXPIRE_WATCH"})
    void watchesOnAfterTheServerEndedTheWatch(Effect effect) throws InterruptedException {
        cluster.faults()
                .set(
                        1,
                        List.of(Fault.of(effect)
                                .on("watch", "namespaces")
                                .afterEvents(1)
                                .times(1)));
        Map<String, String> heard = new ConcurrentHashMap<>();
        try (NamespaceWatch watch = new NamespaceWatch(api, Names.STATUS_LABEL)) {
            watch.listen(change -> heard.put(change.name(), String.valueOf(change.applied())));
            for (String applied : List.of("first", "second", "third")) {
                apply("tenant-000001", applied);
                await().until(() -> applied.equals(heard.get("tenant-000001")));
            }
        }
        assertThat(cluster.requests().count("watch", "namespaces")).isGreaterThan(1);
    }

    @Test
    void hearsWhatIsGone() throws InterruptedException {
        Map<String, Boolean> gone = new ConcurrentHashMap<>();
        try (NamespaceWatch watch = new NamespaceWatch(api, Names.STATUS_LABEL)) {
            watch.listen(change -> gone.put(change.name(), change.gone()));
            api.mergePatch(ACTIVE, json("{'metadata': {'labels': {'clawcloud.run/status': null}}}"));
            await().until(() -> gone.equals(Map.of("tenant-000001", true)));
        }
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) Api.JSON.readTree(text.replace('\'', '"'));
    }

    private void apply(String name, String applied) throws InterruptedException {
        api.mergePatch(
                Api.namespace(name),
                json("{'metadata': {'labels': {'core.clawcloud.run/applied': '%s'}}}".formatted(applied)));
    }
}
