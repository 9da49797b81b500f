package run.clawcloud.block.kubesim.crd;

import java.util.List;
import org.jspecify.annotations.Nullable;
import run.clawcloud.block.kubesim.api.FieldErrors;
import tools.jackson.databind.JsonNode;

/** What understands the rules of a schema. Its library is large: it is asked for only where there are rules. */
interface RuleEngine {

    /**
     * What is wrong with the rules at one place of a schema.
     *
     * @param root whether the schema is of a whole object
     */
    List<Fault> check(Schema schema, boolean root);

    /**
     * One fault.
     *
     * @param rule the index of the rule
     * @param part {@code rule} or {@code messageExpression}
     * @param detail what is wrong
     */
    record Fault(int rule, String part, String detail) {}

    /** Whether a rule speaks of what was before; false also for one that can't be read. */
    boolean usesOldSelf(Schema.Rule rule);

    /** Makes ready the rules of a schema and of all below it. */
    Rules compile(Schema schema);

    /** Rules that are ready. Safe for any number of threads. */
    interface Rules {

        /**
         * Says which rules an object breaks.
         *
         * @param old what it was; null when it is new
         */
        void check(JsonNode object, @Nullable JsonNode old, FieldErrors errors);
    }
}
