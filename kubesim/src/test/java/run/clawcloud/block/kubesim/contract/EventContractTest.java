package run.clawcloud.block.kubesim.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Events about a namespace.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/">events.k8s.io/v1
 *     Event</a>
 */
final class EventContractTest extends ContractTest {

    private static final int LONGEST_NOTE = 1024;

    private final String namespace;
    private final String events;

    EventContractTest(Api api) {
        super(api);
        namespace = api.namespace();
        events = Api.path("events.k8s.io", namespace, "events");
    }

    private Answer write(String regarding, String note) {
        return api.post(events, """
                {'apiVersion':'events.k8s.io/v1','kind':'Event',
                 'metadata':{'name':'NAME','namespace':'NAMESPACE'},
                 'eventTime':'2026-11-23T10:00:00.000001Z','type':'Normal','reason':'Locked','action':'Locked',
                 'note':'NOTE','reportingController':'clawcloud.run/block-controller','reportingInstance':'one',
                 'regarding':{'apiVersion':'v1','kind':'Namespace',REGARDING'name':'NAMESPACE'}}
                """.replace("NAME'", namespace + ".17'")
                .replace("NAMESPACE", namespace)
                .replace("NOTE", note)
                .replace("REGARDING", regarding));
    }

    @Test
    void an_event_about_a_namespace_stands_in_that_namespace_and_is_seen_as_a_core_event_too() {
        write("'namespace':'" + namespace + "',", "3 workloads").expect(201);

        Answer core = api.get(Api.path("", namespace, "events") + "/" + namespace + ".17")
                .expect(200);
        assertThat(core.text("/apiVersion")).isEqualTo("v1");
        assertThat(core.text("/involvedObject/kind")).isEqualTo("Namespace");
        assertThat(core.text("/involvedObject/name")).isEqualTo(namespace);
        assertThat(core.text("/involvedObject/namespace")).isEqualTo(namespace);
        assertThat(core.text("/message")).isEqualTo("3 workloads");
        assertThat(core.text("/reason")).isEqualTo("Locked");
        assertThat(core.text("/type")).isEqualTo("Normal");
        assertThat(core.text("/eventTime")).isEqualTo("2026-11-23T10:00:00.000001Z");
        assertThat(core.text("/reportingComponent")).isEqualTo("clawcloud.run/block-controller");
    }

    @Test
    void an_event_that_regards_an_object_of_no_namespace_can_not_stand_in_one() {
        assertThat(write("", "").refused(422, "Invalid").causes())
                .containsExactly("FieldValueInvalid involvedObject.namespace");
    }

    @Test
    void a_note_has_at_most_1024_bytes() {
        String regarding = "'namespace':'" + namespace + "',";

        write(regarding, "x".repeat(LONGEST_NOTE + 1)).refused(422, "Invalid");
        write(regarding, "x".repeat(LONGEST_NOTE)).expect(201);
    }

    /** All that may change in an Event of events.k8s.io/v1. */
    @Test
    void how_often_it_happened_is_patched_into_the_series() {
        write("'namespace':'" + namespace + "',", "3 workloads").expect(201);

        Answer patched = api.mergePatch(
                        events + "/" + namespace + ".17",
                        "{'series':{'count':2,'lastObservedTime':'2026-11-23T10:01:00.000001Z'}}")
                .expect(200);

        assertThat(patched.body().at("/series/count").asInt()).isEqualTo(2);
        assertThat(patched.text("/series/lastObservedTime")).isEqualTo("2026-11-23T10:01:00.000001Z");
        assertThat(patched.text("/note")).isEqualTo("3 workloads");
        Answer core = api.get(Api.path("", namespace, "events") + "/" + namespace + ".17")
                .expect(200);
        assertThat(core.body().at("/series/count").asInt()).isEqualTo(2);
    }

    @Test
    void the_same_name_again_is_409_AlreadyExists() {
        String regarding = "'namespace':'" + namespace + "',";
        write(regarding, "first").expect(201);

        write(regarding, "second").refused(409, "AlreadyExists");
    }
}
