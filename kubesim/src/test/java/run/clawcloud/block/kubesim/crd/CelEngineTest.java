package run.clawcloud.block.kubesim.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import run.clawcloud.block.kubesim.api.ApiException;
import run.clawcloud.block.kubesim.api.FieldErrors;
import run.clawcloud.block.kubesim.api.Kinds;
import run.clawcloud.block.kubesim.store.Json;

/** Rules in CEL: what the language offers, and what its values are. */
class CelEngineTest {

    private static final String SCHEMA = """
            {"type":"object","properties":{
              "names":{"type":"array","items":{"type":"string"}},
              "numbers":{"type":"array","items":{"type":"integer"}},
              "labels":{"type":"object","additionalProperties":{"type":"string"}},
              "port":{"x-kubernetes-int-or-string":true},
              "at":{"type":"string","format":"date-time"},
              "time":{"type":"string","format":"duration"},
              "ratio":{"type":"number"},
              "namespace":{"type":"string"},
              "part":{"type":"object","properties":{"deep":{"type":"object","properties":{"x":{"type":"string"}}}}},
              "a-b.c":{"type":"string"}},
             "x-kubernetes-validations":[%s]}""";

    private static final String OBJECT = """
            {"names":["a1","b2"],"numbers":[1,2,3],"labels":{"k.x/y":"v"},"port":80,"at":"2026-01-01T00:00:00Z",
             "time":"1h30m","ratio":2,"namespace":"n","a-b.c":"odd","part":{"deep":{}}}""";

    private final RuleEngine engine = new CelEngine();

    private static Schema schema(String rule) {
        return Schema.of(Json.parse(SCHEMA.formatted(
                Json.object().put("rule", rule).put("message", "no").toString())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "has(self.names) && size(self.names) > 0 || has(self.labels);true",
                "has(self.part) && has(self.part.deep) && !has(self.part.deep.x);true",
                "self.names.all(n, n.matches('^[a-z][0-9]$'));true",
                "self.names.exists_one(n, n == 'a1') && 'b2' in self.names;true",
                "self.names.map(n, n + '!').join(',') == 'a1!,b2!';true",
                "self.names.filter(n, n.startsWith('a')).size() == 2;false",
                "self.labels.all(k, k.contains('/')) && self.labels['k.x/y'] == 'v';true",
                "type(self.port) == int && self.port < 100;true",
                "self.at < timestamp('2027-01-01T00:00:00Z');true",
                "self.time == duration('90m');true",
                "self.ratio > 1.5 && self.ratio == 2.0;true",
                "self.__namespace__ == 'n' && self.a__dash__b__dot__c == 'odd';true",
                "self.numbers.sum() == 6 && self.numbers.max() == 3 && self.numbers.isSorted();true",
                "self.names.indexOf('b2') == 1 && self.names.lastIndexOf('c') == -1;true",
                "'abc123'.find('[0-9]+') == '123' && 'a1b2'.findAll('[0-9]').size() == 2;true",
                "self.?missing.orValue('x') == 'x' || true;invalid",
                "self.?names[0].orValue('x') == 'a1';true",
                "sets.contains(self.names, ['a1']);true",
                "'A'.lowerAscii() == 'a' && 'x'.upperAscii() == 'X' && ' a '.trim() == 'a';true",
                "self.nothing == 1;invalid",
                "self.names == 1;invalid"
            })
    void rules(String rule, String outcome) {
        Schema schema = schema(rule);
        List<RuleEngine.Fault> faults = engine.check(schema, true);
        if (outcome.equals("invalid")) {
            assertThat(faults).hasSize(1);
            return;
        }
        assertThat(faults).isEmpty();
        FieldErrors errors = new FieldErrors();
        engine.compile(schema).check(Json.parse(OBJECT), null, errors);
        assertThat(errors.isEmpty()).isEqualTo(outcome.equals("true"));
    }

    @Test
    void rulesAboutAChangeAreAskedOfUnchangedPartsTooAndOthersAreNot() {
        Schema plain = schema("self.numbers.sum() > 100");
        Schema change = schema("self.numbers.sum() > oldSelf.numbers.sum()");
        FieldErrors none = new FieldErrors();
        engine.compile(plain).check(Json.parse(OBJECT), Json.parse(OBJECT), none);
        assertThat(none.isEmpty()).isTrue();
        FieldErrors some = new FieldErrors();
        engine.compile(change).check(Json.parse(OBJECT), Json.parse(OBJECT), some);
        assertThat(some.isEmpty()).isFalse();
        FieldErrors created = new FieldErrors();
        engine.compile(change).check(Json.parse(OBJECT), null, created);
        assertThat(created.isEmpty()).isTrue();
    }

    @Test
    void anOptionalOldSelfIsThereOnCreationToo() {
        String rule = Json.object()
                .put("rule", "oldSelf.hasValue() || self.ratio < 1.0")
                .put("optionalOldSelf", true)
                .toString();
        Schema schema = Schema.of(Json.parse(SCHEMA.formatted(rule)));
        assertThat(engine.check(schema, true)).isEmpty();
        FieldErrors created = new FieldErrors();
        engine.compile(schema).check(Json.parse(OBJECT), null, created);
        assertThat(ApiException.invalid(Kinds.PODS, "x", created).getMessage())
                .contains("failed rule: oldSelf.hasValue()");
        FieldErrors changed = new FieldErrors();
        engine.compile(schema).check(Json.parse(OBJECT), Json.object(), changed);
        assertThat(changed.isEmpty()).isTrue();
    }
}
