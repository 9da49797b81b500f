package run.clawcloud.block.kubesim.crd;

import org.jspecify.annotations.Nullable;

/**
 * Where in an object something stands. Made for every value that is looked at, so it becomes text only when it is asked
 * for.
 *
 * @param parent null for the root
 * @param step as it is written behind the parent, dot or brackets included; empty if {@code index} says it
 * @param index of a list's item
 */
record FieldPath(@Nullable FieldPath parent, String step, int index) {

    /** The whole object. */
    static final FieldPath ROOT = new FieldPath(null, "", -1);

    FieldPath child(String name) {
        return new FieldPath(this, parent == null ? name : "." + name, -1);
    }

    /** The value of a map's key. */
    FieldPath key(String key) {
        return new FieldPath(this, "[" + key + "]", -1);
    }

    FieldPath index(int i) {
        return new FieldPath(this, "", i);
    }

    private void append(StringBuilder text) {
        if (parent != null) {
            parent.append(text);
        }
        if (index >= 0) {
            text.append('[').append(index).append(']');
        } else {
            text.append(step);
        }
    }

    /** The text for messages: empty for the root. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text);
        return text.toString();
    }

    /** As the field of an error, where kube-apiserver names the root as Go prints what is not there. */
    String field() {
        return parent == null ? "<nil>" : toString();
    }
}
