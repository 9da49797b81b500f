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
        return api.post(events, event(regarding, note));
    }

    private String event(String regarding, String note) {
        return """
                {'apiVersion':'events.k8s.io/v1','kind':'Event',
                 'metadata':{'name':'NAME','namespace':'NAMESPACE'},
                 'eventTime':'2026-11-23T10:00:00.000001Z','type':'Normal','reason':'Locked','action':'Locked',
                 'note':'NOTE','reportingController':'clawcloud.run/block-controller','reportingInstance':'one',
                 'regarding':{'apiVersion':'v1','kind':'Namespace',REGARDING'name':'NAMESPACE'}}
                """.replace("NAME'", namespace + ".17'")
                .replace("NAMESPACE", namespace)
                .replace("NOTE", note)
                .replace("REGARDING", regarding);
    }

    /** Writes one in its own namespace and returns its path. */
    private String written() {
        write("'namespace':'" + namespace + "',", "3 workloads").expect(201);
        return events + "/" + namespace + ".17";
    }

    private Answer refused(String event, String patch) {
        return api.mergePatch(event, patch).refused(422, "Invalid");
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

    @Test
    void the_same_name_again_is_409_AlreadyExists() {
        String regarding = "'namespace':'" + namespace + "',";
        write(regarding, "first").expect(201);

        write(regarding, "second").refused(409, "AlreadyExists");
    }

    @Test
    void a_series_begins_and_grows_by_patches_and_is_seen_in_core_too() {
        String event = written();

        api.mergePatch(event, "{'series':{'count':2,'lastObservedTime':'2026-11-23T10:05:00.000001Z'}}")
                .expect(200);
        Answer grown = api.mergePatch(event, "{'series':{'count':3}}").expect(200);

        String series = "{\"count\":3,\"lastObservedTime\":\"2026-11-23T10:05:00.000001Z\"}";
        assertThat(grown.body().path("series")).hasToString(series);
        assertThat(grown.text("/eventTime")).isEqualTo("2026-11-23T10:00:00.000001Z");
        assertThat(grown.text("/note")).isEqualTo("3 workloads");
        assertThat(api.get(Api.path("", namespace, "events") + "/" + namespace + ".17")
                        .expect(200)
                        .body()
                        .path("series"))
                .hasToString(series);
    }

    @Test
    void a_series_is_of_at_least_two_and_says_when_the_last_was() {
        String event = written();

        assertThat(refused(event, "{'series':{'count':1,'lastObservedTime':'2026-11-23T10:05:00.000001Z'}}")
                        .causes())
                .containsExactly("FieldValueInvalid series.count");
        assertThat(refused(event, "{'series':{'count':2}}").causes())
                .containsExactly("FieldValueRequired series.lastObservedTime");
        assertThat(refused(event, "{'series':{'count':2,'lastObservedTime':'2026-11-23T10:05:00Z'}}")
                        .causes())
                .containsExactly("FieldValueInvalid patch");
    }

    @Test
    void what_happened_can_not_be_changed() {
        String event = written();

        assertThat(refused(event, "{'note':'4 workloads'}").causes()).containsExactly("FieldValueInvalid message");
        assertThat(refused(event, "{'type':'Warning'}").causes()).containsExactly("FieldValueInvalid type");
        assertThat(refused(event, "{'eventTime':'2026-11-23T10:00:00.000002Z'}").causes())
                .containsExactly("FieldValueInvalid eventTime");
        assertThat(refused(event, "{'reportingInstance':'two'}").causes())
                .containsExactly("FieldValueInvalid reportingInstance");
        assertThat(refused(event, "{'reason':'Unlocked','action':'Unlocked'}").causes())
                .containsExactly("FieldValueInvalid reason", "FieldValueInvalid action");
        api.mergePatch(event, "{'metadata':{'labels':{'a':'b'}}}").expect(200);
    }

    @Test
    void a_patch_of_an_older_event_is_409_Conflict_and_of_one_that_is_gone_404_NotFound() {
        String event = written();
        String series = "'series':{'count':2,'lastObservedTime':'2026-11-23T10:05:00.000001Z'}";

        api.mergePatch(event, "{'metadata':{'resourceVersion':'1'}," + series + "}")
                .refused(409, "Conflict");
        api.delete(event, "{}").expect(200);
        api.mergePatch(event, "{" + series + "}").refused(404, "NotFound");
    }

    @Test
    void a_new_event_says_when_it_was_and_of_what_type_and_counts_in_its_series_alone() {
        String fine = event("'namespace':'" + namespace + "',", "3 workloads");

        assertThat(api.post(events, fine.replace("'type':'Normal'", "'type':'Error'"))
                        .refused(422, "Invalid")
                        .causes())
                .containsExactly("FieldValueInvalid type");
        assertThat(api.post(events, fine.replace("'eventTime':'2026-11-23T10:00:00.000001Z',", ""))
                        .refused(422, "Invalid")
                        .causes())
                .containsExactly("FieldValueRequired eventTime");
        assertThat(api.post(events, fine.replace("'type'", "'deprecatedCount':2,'type'"))
                        .refused(422, "Invalid")
                        .causes())
                .containsExactly("FieldValueInvalid count");
        api.post(events, fine.replace("00.000001Z", "00Z")).refused(400, "BadRequest");
    }

    @Test
    void as_a_core_event_the_same_can_be_changed() {
        written();
        String core = Api.path("", namespace, "events") + "/" + namespace + ".17";

        Answer changed = api.mergePatch(core, "{'message':'4 workloads'}").expect(200);

        assertThat(changed.text("/message")).isEqualTo("4 workloads");
    }
}
