package run.clawcloud.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What a cluster says of a BlockRequest before any controller sees it. With {@code -Dkubeconfig=FILE} a real one. */
class BlockRequestSchemaTest {

    private static final String LABEL_VALUE =
            "must be a label value: at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends";

    private static final String OTHER_RULES = ", <nil>: Invalid value: \"null\": some validation rules were not checked"
            + " because the object was invalid; correct the existing errors to complete validation]";

    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = TestCluster.openWithRequests();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void theReferenceSampleIsAcceptedAsItStands() {
        String sample = """
                apiVersion: core.clawcloud.run/v1
                kind: BlockRequest
                metadata:
                  name: blockrequest-sample
                spec:
                  namespaceNames:
                  - default
                  - ns-test
                  action: "locked"
                """;

        JsonNode made = cluster.api().create(tried(), RawApi.YAML, sample).accepted();

        assertThat(made.path("spec"))
                .isEqualTo(RawApi.json("{\"namespaceNames\":[\"default\",\"ns-test\"],\"action\":\"locked\"}"));
        assertThat(made.at("/metadata/generation").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource
    void acceptsWhatMakesSense(String spec) {
        cluster.api()
                .create(tried(), RawApi.JSON, TestRequest.body(TestCluster.uniqueName(), spec.replace('\'', '"')))
                .accepted();
    }

    static List<String> acceptsWhatMakesSense() {
        return List.of(
                "{'action':'active','namespaceNames':['a']}",
                "{'action':'locked','namespaceSelector':{}}",
                "{'action':'locked','namespaceNames':[],'namespaceSelector':{'matchLabels':{'a':'b'}}}",
                "{'action':'locked','namespaceNames':['a'],'namespaceSelector':{'matchLabels':{'example.com/team':''}}}",
                """
                {"action":"locked","reason":"unpaid","lockDuration":"90m","namespaceSelector":{"matchExpressions":[
                {"key":"team","operator":"In","values":["red","blue"]},{"key":"plan","operator":"NotIn","values":[""]},
                {"key":"tier","operator":"Exists"},{"key":"keep","operator":"DoesNotExist"}]}}""",
                "{'action':'locked','namespaceNames':['a'],'lockDuration':'permanent'}",
                "{'action':'locked','namespaceNames':['a'],'lockDuration':'9999d'}");
    }

    /** On a real cluster it is not kept: a controller that happens to run there would lock all that is asked for. */
    private static String tried() {
        String path = TestRequest.path(cluster.requestNamespace());
        return cluster.simulated().isPresent() ? path : path + "?dryRun=All";
    }

    /** What the message says of the spec, after {@code BlockRequest.core.clawcloud.run "NAME" is invalid: }. */
    @ParameterizedTest
    @MethodSource
    void refusesWithAMessageThatAPersonUnderstands(String spec, String message) {
        TestRequest request = cluster.nextRequest();

        RawApi.Answer answer = cluster.api()
                .create(
                        TestRequest.path(cluster.requestNamespace()),
                        RawApi.JSON,
                        TestRequest.body(nameOf(request), spec.replace('\'', '"')));

        assertThat(answer.message())
                .isEqualTo("BlockRequest.core.clawcloud.run \"" + nameOf(request) + "\" is invalid: " + message);
        assertThat(answer.code()).isEqualTo(422);
        assertThat(request.exists()).isFalse();
    }

    static List<Arguments> refusesWithAMessageThatAPersonUnderstands() {
        List<Arguments> refused = new ArrayList<>();
        String neither = "spec: Invalid value: \"object\": give namespaceNames, namespaceSelector or both:"
                + " a request without either asks for nothing";
        refused.add(Arguments.of("{'action':'locked'}", neither));
        refused.add(Arguments.of("{'action':'locked','namespaceNames':[]}", neither));
        refused.add(Arguments.of("{'namespaceNames':['a']}", unruled("spec.action: Required value")));
        refused.add(Arguments.of(
                "{'action':'frozen','namespaceNames':['a']}",
                unruled("spec.action: Unsupported value: \"frozen\": supported values: \"locked\", \"active\"")));
        for (String name : List.of("A", "-a", "a-", "a.b", "a b", "")) {
            refused.add(Arguments.of(
                    "{'action':'locked','namespaceNames':['" + name + "']}",
                    "spec.namespaceNames[0]: Invalid value: \"" + name
                            + "\": spec.namespaceNames[0] in body should match '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'"));
        }
        refused.add(Arguments.of(
                "{'action':'locked','namespaceNames':['" + "a".repeat(64) + "']}",
                unruled("spec.namespaceNames[0]: Too long: may not be more than 63 bytes")));
        for (String duration : List.of("soon", "0m", "-1h", "1.5h", "24", "10s", "12345678m", "")) {
            refused.add(Arguments.of(
                    "{'action':'locked','namespaceNames':['a'],'lockDuration':'" + duration + "'}",
                    "spec.lockDuration: Invalid value: \"string\": must be a whole number of minutes, hours or days"
                            + " above zero, such as 90m, 24h or 7d (at most 9999999m, 99999h or 9999d), or"
                            + " 'permanent'"));
        }
        refused.add(Arguments.of(
                selector("{'matchLabels':{'a b':'c'}}"),
                "spec.namespaceSelector.matchLabels: Invalid value: \"object\": a key must be a label key, such as"
                        + " team or example.com/team"));
        refused.add(Arguments.of(
                selector("{'matchLabels':{'a':'-'}}"),
                "spec.namespaceSelector.matchLabels: Invalid value: \"object\": a value " + LABEL_VALUE));
        refused.add(Arguments.of(
                selector("{'matchExpressions':[{'key':'a','operator':'Is','values':['b']}]}"),
                unruled(
                        "spec.namespaceSelector.matchExpressions[0].operator: Unsupported value: \"Is\": supported values:"
                                + " \"In\", \"NotIn\", \"Exists\", \"DoesNotExist\"")));
        refused.add(Arguments.of(
                selector("{'matchExpressions':[{'key':'clawcloud.run/status','operator':'DoesNotExist'}]}"),
                "spec.namespaceSelector.matchExpressions[0].key: Invalid value: \"string\": must not be"
                        + " clawcloud.run/status or core.clawcloud.run/applied: a lock sets these labels, and so would"
                        + " change what is selected"));
        refused.add(Arguments.of(
                selector("{'matchLabels':{'core.clawcloud.run/applied':'locked'}}"),
                "spec.namespaceSelector.matchLabels: Invalid value: \"object\": must not look at clawcloud.run/status"
                        + " and core.clawcloud.run/applied: a lock sets these labels, and so would change what is"
                        + " selected"));
        refused.add(Arguments.of(
                selector("{'matchExpressions':[{'key':'a b','operator':'Exists'}]}"),
                "spec.namespaceSelector.matchExpressions[0].key: Invalid value: \"string\": must be a label key,"
                        + " such as team or example.com/team"));
        refused.add(Arguments.of(
                selector("{'matchExpressions':[{'key':'a','operator':'In'}]}"),
                "spec.namespaceSelector.matchExpressions[0]: Invalid value: \"object\": operator In and NotIn need"
                        + " values"));
        refused.add(Arguments.of(
                selector("{'matchExpressions':[{'key':'a','operator':'NotIn','values':[]}]}"),
                "spec.namespaceSelector.matchExpressions[0]: Invalid value: \"object\": operator In and NotIn need"
                        + " values"));
        refused.add(Arguments.of(
                selector("{'matchExpressions':[{'key':'a','operator':'Exists','values':['b']}]}"),
                "spec.namespaceSelector.matchExpressions[0]: Invalid value: \"object\": operator Exists and"
                        + " DoesNotExist take no values"));
        refused.add(Arguments.of(
                selector("{'matchExpressions':[{'key':'a','operator':'In','values':['-']}]}"),
                "spec.namespaceSelector.matchExpressions[0].values[0]: Invalid value: \"string\": " + LABEL_VALUE));
        refused.add(Arguments.of(
                selector("{'matchExpressions':[{'operator':'Exists'}]}"),
                unruled("spec.namespaceSelector.matchExpressions[0].key: Required value")));
        refused.add(Arguments.of(
                "{'action':'locked','namespaceNames':['a'],'reason':'" + "r".repeat(1025) + "'}",
                unruled("spec.reason: Too long: may not be more than 1024 bytes")));
        return refused;
    }

    /** What is wrong by the plain schema; the rules are not asked then. */
    private static String unruled(String message) {
        return "[" + message + OTHER_RULES;
    }

    private static String selector(String selector) {
        return "{'action':'locked','namespaceSelector':" + selector + "}";
    }

    @Test
    void aRequestThatStandsCantBeChangedIntoOneThatMakesNoSense() {
        TestRequest request = cluster.request("{\"action\":\"locked\",\"namespaceNames\":[\"a\"]}");

        RawApi.Answer answer = cluster.api().patch(request.path(), "{\"spec\":{\"namespaceNames\":null}}");

        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.message()).endsWith("a request without either asks for nothing");
    }

    @Test
    void aSpecIsNotChangedByWayOfTheStatus() {
        TestRequest request = cluster.request("{\"action\":\"locked\",\"namespaceNames\":[\"a\"]}");

        cluster.api()
                .patch(request.path() + "/status", "{\"spec\":{\"action\":\"active\"},\"status\":{\"lockedCount\":1}}")
                .accepted();
        cluster.api().patch(request.path(), "{\"status\":{\"lockedCount\":2}}").accepted();

        assertThat(request.get().at("/spec/action").asString()).isEqualTo("locked");
        assertThat(request.status().path("lockedCount").asInt()).isEqualTo(1);
    }

    @Test
    void printsWhatPeopleAskFirst() {
        TestRequest request = cluster.request("{\"action\":\"locked\",\"namespaceNames\":[\"a\"]}");
        request.falsify("""
                {"targetCount":3,"lockedCount":2,"failedCount":1,"conditions":[{"type":"Ready","status":"False",
                "reason":"PartlyFailed","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}""");

        JsonNode table = cluster.api().getTable(request.path()).accepted();

        List<String> columns = new ArrayList<>();
        table.path("columnDefinitions")
                .forEach(each -> columns.add(each.path("name").asString()));
        assertThat(columns).containsExactly("Name", "Action", "Targets", "Locked", "Failed", "Ready", "Reason", "Age");
        JsonNode cells = table.at("/rows/0/cells");
        assertThat(cells.get(1).asString()).isEqualTo("locked");
        assertThat(cells.get(2).asInt()).isEqualTo(3);
        assertThat(cells.get(3).asInt()).isEqualTo(2);
        assertThat(cells.get(4).asInt()).isEqualTo(1);
        assertThat(cells.get(5).asString()).isEqualTo("False");
        assertThat(cells.get(6).asString()).isEqualTo("PartlyFailed");
    }

    @Test
    void isKnownByAShortName() {
        JsonNode resources =
                cluster.api().get("apis/core.clawcloud.run/v1").accepted().path("resources");

        assertThat(resources
                        .valueStream()
                        .filter(each -> each.path("name").asString().equals("blockrequests"))
                        .map(each -> each.path("shortNames").toString()))
                .containsExactly("[\"br\"]");
        assertThat(resources.valueStream().map(each -> each.path("name").asString()))
                .contains("blockrequests/status");
    }

    private static String nameOf(TestRequest request) {
        return request.key().substring(request.key().indexOf('/') + 1);
    }
}
