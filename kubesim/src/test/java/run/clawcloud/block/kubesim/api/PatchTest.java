package run.clawcloud.block.kubesim.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import run.clawcloud.block.kubesim.store.Json;
import tools.jackson.databind.node.ObjectNode;

class PatchTest {

    private static String apply(String type, String object, String patch) {
        byte[] body = patch.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        ObjectNode tree = Json.parseObject(object.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return Patch.parse("application/" + type, body).apply(tree).toString().replace('"', '\'');
    }

    /** The examples of RFC 7386, appendix A, that concern objects. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':'b'}|{'a':'c'}|{'a':'c'}",
                "{'a':'b'}|{'b':'c'}|{'a':'b','b':'c'}",
                "{'a':'b'}|{'a':null}|{}",
                "{'a':'b','b':'c'}|{'a':null}|{'b':'c'}",
                "{'a':['b']}|{'a':'c'}|{'a':'c'}",
                "{'a':'c'}|{'a':['b']}|{'a':['b']}",
                "{'a':{'b':'c'}}|{'a':{'b':'d','c':null}}|{'a':{'b':'d'}}",
                "{'a':[{'b':'c'}]}|{'a':[1]}|{'a':[1]}",
                "{'e':null}|{'a':1}|{'e':null,'a':1}",
                "{}|{'a':{'bb':{'ccc':null}}}|{'a':{'bb':{}}}"
            })
    void mergePatch(String object, String patch, String expected) {
        assertThat(apply("merge-patch+json", object, patch)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':[1,3]}|[{'op':'add','path':'/a/1','value':2}]|{'a':[1,2,3]}",
                "{'a':[1]}|[{'op':'add','path':'/a/-','value':2}]|{'a':[1,2]}",
                "{'a':[1,2]}|[{'op':'remove','path':'/a/0'}]|{'a':[2]}",
                "{'a':{'b/c':1}}|[{'op':'replace','path':'/a/b~1c','value':2}]|{'a':{'b/c':2}}",
                "{'a':1,'b':{}}|[{'op':'move','from':'/a','path':'/b/c'}]|{'b':{'c':1}}",
                "{'a':{'x':1}}|[{'op':'copy','from':'/a','path':'/b'}]|{'a':{'x':1},'b':{'x':1}}",
                "{'a':1}|[{'op':'test','path':'/a','value':1},{'op':'add','path':'/b','value':2}]|{'a':1,'b':2}"
            })
    void jsonPatch(String object, String patch, String expected) {
        assertThat(apply("json-patch+json", object, patch)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'op':'test','path':'/a','value':2}]",
                "[{'op':'remove','path':'/b'}]",
                "[{'op':'replace','path':'/b','value':1}]",
                "[{'op':'add','path':'/b/c','value':1}]",
                "[{'op':'add','path':'/l/7','value':1}]",
                "[{'op':'add','path':'/b'}]",
                "[{'op':'nonsense','path':'/a'}]"
            })
    void aJsonPatchThatDoesNotFitIs422(String patch) {
        assertThatThrownBy(() -> apply("json-patch+json", "{'a':1,'l':[]}", patch))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(422));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'containers':[{'name':'a','image':'1'},{'name':'b'}]}|{'containers':[{'name':'a','tty':true}]}"
                        + "|{'containers':[{'name':'a','image':'1','tty':true},{'name':'b'}]}",
                "{'env':[{'name':'a'},{'name':'b'}]}|{'env':[{'name':'a','$patch':'delete'}]}|{'env':[{'name':'b'}]}",
                "{'args':['x','y']}|{'args':['z']}|{'args':['z']}",
                "{'finalizers':['x']}|{'finalizers':['y','x']}|{'finalizers':['x','y']}",
                "{'finalizers':['x','y']}|{'$deleteFromPrimitiveList/finalizers':['x']}|{'finalizers':['y']}",
                "{'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}}}"
                        + "|{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}|{'strategy':{'type':'Recreate'}}",
                "{'a':{'x':1}}|{'a':{'$patch':'replace','y':2}}|{'a':{'y':2}}",
                "{'a':{'x':1}}|{'a':null}|{}",
                "{'ports':[{'containerPort':80,'name':'h'}]}|{'ports':[{'containerPort':80,'protocol':'TCP'}]}"
                        + "|{'ports':[{'containerPort':80,'name':'h','protocol':'TCP'}]}",
                "{'ports':[{'port':80}]}|{'ports':[{'port':81}]}|{'ports':[{'port':80},{'port':81}]}",
                "{'env':[{'name':'a'},{'name':'b'}]}"
                        + "|{'$setElementOrder/env':[{'name':'c'},{'name':'b'},{'name':'a'}],'env':[{'name':'c'}]}"
                        + "|{'env':[{'name':'c'},{'name':'b'},{'name':'a'}]}"
            })
    void strategicMergePatch(String object, String patch, String expected) {
        assertThat(apply("strategic-merge-patch+json", object, patch)).isEqualTo(expected);
    }

    @Test
    void whatIsNoPatchIsRefused() {
        assertThatThrownBy(() -> apply("json", "{}", "{}"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(415));
        assertThatThrownBy(() -> apply("merge-patch+json", "{}", "[1]"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
        assertThatThrownBy(() -> apply("json-patch+json", "{}", "{"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
    }
}
